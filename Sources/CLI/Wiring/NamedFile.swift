// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc

/// A file that a person named on the command line.
struct NamedFile {
    /// The path as it was given.
    let path: String
    let folder: Folder
    let name: String

    init(_ path: String) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        folder = Folder(slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
        name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// The name without what follows its last point.
    var stem: String {
        let point = name.lastIndex(of: ".")
        return point.map { $0 == name.startIndex ? name : String(name[..<$0]) } ?? name
    }

    /// What follows the last point of the name, in lower case; empty without one.
    var suffix: String {
        let stem = stem
        return stem == name ? "" : String(name.dropFirst(stem.count + 1)).lowercased()
    }

    /// The bytes of the file.
    func read(limitBytes: Int = 64 << 20) throws -> [UInt8] {
        try folder.read(name, limitBytes: limitBytes)
    }

    /// The hash of the file, however long it is.
    func hash() throws -> ContentHash {
        var hash = RunningHash()
        var offset = 0
        while true {
            let bytes = try folder.read(name, from: offset, atMost: 1 << 20)
            guard !bytes.isEmpty else { return hash.value }
            hash.update(bytes)
            offset += bytes.count
        }
    }

    /// Refuses a place where no file can be written, before anybody computes what to write.
    ///
    /// A file takes its place by renaming, so that a device or a folder would be lost or in the
    /// way.
    func requirePlace() throws {
        guard folder.exists else {
            throw Failure("cannot write \(path): there is no folder \(folder.path)", .notFound)
        }
        var status = stat()
        let isThere = stat(folder.path(of: name), &status) == 0
        guard !name.isEmpty, !isThere || status.st_mode & S_IFMT == S_IFREG else {
            throw Failure("cannot write \(path): it is not a regular file", .inputOutput)
        }
        guard access(isThere ? folder.path(of: name) : folder.path, W_OK) == 0 else {
            throw Failure("cannot write \(path): permission denied", .inputOutput)
        }
    }

    /// Writes the file in one step.
    func write(_ bytes: [UInt8]) throws {
        try requirePlace()
        try folder.replace(name, with: bytes)
    }
}
