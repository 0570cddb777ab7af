// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder on disk and the few things that Loopdesk does with the files in it.
///
/// Outside the repository's own files, which `Git` writes, this is the only place that opens,
/// writes and removes files. Paths are relative to the
/// folder and written with `/`.
public struct Folder: Sendable, Hashable {
    /// The folder's path.
    public let path: String

    /// The path of the folder that this one was named in, or its own.
    ///
    /// Nothing named inside a folder brings that folder into being: when it was moved away, what
    /// still runs in it must not put an empty one in its place.
    private let base: String

    /// Names a folder, which need not exist yet.
    public init(_ path: String) {
        self.init(path, in: path)
    }

    private init(_ path: String, in base: String) {
        self.path = path
        self.base = base
    }

    /// The folder of that name inside this one.
    public func folder(_ name: String) -> Folder { Folder("\(path)/\(name)", in: base) }

    /// Whether both have the same path.
    public static func == (one: Folder, other: Folder) -> Bool { one.path == other.path }

    /// Hashes the path.
    public func hash(into hasher: inout Hasher) { hasher.combine(path) }

    /// The full path of a file in this folder.
    public func path(of name: String) -> String { "\(path)/\(name)" }

    /// Whether anything has that name; a link counts even when its target is gone.
    public func contains(_ name: String) -> Bool {
        var status = stat()
        return lstat(path(of: name), &status) == 0
    }

    /// Whether the folder itself is there.
    public var exists: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a folder of that name is in this one, and not just a link to a folder.
    public func isOwnFolder(_ name: String) -> Bool {
        var status = stat()
        return lstat(path(of: name), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Creates the folder and those above it; one that is there already is no error.
    ///
    /// A private one, but not those above it, is for its owner only. A folder that was named inside
    /// another is created only where that one is.
    /// - Throws: A ``FileError``.
    public func create(isPrivate: Bool = false) throws(FileError) {
        guard !exists else { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            let parent = String(path[..<slash])
            if path == base {
                try Folder(parent).create()
            } else if parent != base {
                try Folder(parent, in: base).create()
            }
        }
        guard mkdir(path, isPrivate ? 0o700 : 0o755) == 0 || (errno == EEXIST && exists) else {
            throw FileError(operation: "create folder", path: path, errorNumber: errno)
        }
    }

    /// The names in the folder, sorted by their bytes.
    /// - Throws: A ``FileError``, with code `notFound` when there is no such folder and `wrongKind`
    ///   when it is a file.
    public func names() throws(FileError) -> [String] {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOTDIR else {
                throw FileError(
                    code: .wrongKind,
                    operation: "list folder",
                    path: path,
                    reason: "not a folder"
                )
            }
            throw FileError(operation: "list folder", path: path, errorNumber: errno)
        }
        defer { close(descriptor) }
        return try rawNames(of: descriptor)
            .map { String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The names in an open folder as the system gives them, unsorted and ending in a zero; they
    /// need not be UTF-8.
    func rawNames(of descriptor: Int32) throws(FileError) -> [[CChar]] {
        // A second descriptor, because the stream owns its descriptor and moves its place.
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = fdopendir(own) else {
            throw FileError(operation: "list folder", path: path, errorNumber: errno)
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map(CChar.init(bitPattern:)) + [0]
            }
            if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
            errno = 0
        }
        guard errno == 0 else {
            throw FileError(operation: "list folder", path: path, errorNumber: errno)
        }
        return names
    }

    /// Moves a file within the folder, replacing what had the new name.
    /// - Throws: A ``FileError``.
    public func move(_ name: String, to newName: String) throws(FileError) {
        guard rename(path(of: name), path(of: newName)) == 0 else {
            throw FileError(operation: "move", path: path(of: name), errorNumber: errno)
        }
    }

    /// Moves a file into another folder of the same file system, replacing what had the name there.
    /// - Throws: A ``FileError``.
    public func move(
        _ name: String,
        to newName: String,
        in other: Folder
    ) throws(FileError) {
        guard rename(path(of: name), other.path(of: newName)) == 0 else {
            throw FileError(operation: "move", path: path(of: name), errorNumber: errno)
        }
    }
}
