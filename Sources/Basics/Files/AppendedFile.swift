// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file that stays open while bytes are added to it now and then.
///
/// To open a file for each addition takes longer than to add to it.
public struct AppendedFile: ~Copyable, Sendable {
    private let folder: Folder
    private let name: String
    private var descriptor: Int32 = -1

    /// Names the file; nothing is opened yet.
    public init(in folder: Folder, _ name: String) {
        self.folder = folder
        self.name = name
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Adds bytes to the end of the file, which is created when it is not there.
    ///
    /// What was removed or replaced in the meantime is let go. With `durable` the bytes are flushed
    /// before the call returns.
    /// - Throws: A ``FileError``; a part of the bytes may then be in the file.
    public mutating func append(_ bytes: [UInt8], durable: Bool = false) throws(FileError) {
        if descriptor < 0 || !hasName {
            if descriptor >= 0 { close(descriptor) }
            descriptor = try folder.openForWriting(name, flags: O_APPEND)
        }
        try folder.write(bytes, to: descriptor, of: name, durable: durable)
    }

    /// Replaces the file in one step, see ``Folder/replace(_:with:durable:isPrivate:)``.
    /// - Throws: A ``FileError``; the old file is then unchanged.
    public func replace(with bytes: [UInt8], durable: Bool = false) throws(FileError) {
        try folder.create()
        try folder.replace(name, with: bytes, durable: durable)
    }

    private var hasName: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0
    }
}
