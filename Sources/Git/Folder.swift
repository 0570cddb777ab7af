// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CGit2
import Glibc

/// An open folder whose entries are reached one name at a time, without following links.
///
/// Used wherever an agent can write: a link planted in place of a folder is seen as a link, and
/// never leads out of the worktree.
struct Folder: ~Copyable {
    let descriptor: Descriptor
    /// For messages only.
    let path: String

    init(path: String, _ operation: String) throws(GitError) {
        let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw GitError.system(operation, at: path) }
        descriptor = Descriptor(number)
        self.path = path
    }

    private init(_ descriptor: consuming Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// The folder of that name; nil when nothing or something else has the name.
    func child(_ name: [UInt8], _ operation: String) throws(GitError) -> Folder? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let number = unsafe openat(descriptor.number, name.cString, flags)
        guard number >= 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
            throw GitError.system(operation, at: place(name))
        }
        return Folder(Descriptor(number), path: place(name))
    }

    /// The folder of that name, made if need be; whatever else has the name is removed.
    func requireChild(_ name: [UInt8], _ operation: String) throws(GitError) -> Folder {
        if let folder = try child(name, operation) { return folder }
        try removeTree(name, operation)
        return try newChild(name, operation)
    }

    /// All names but `.` and `..`, sorted by their bytes.
    func names(_ operation: String) throws(GitError) -> [[UInt8]] {
        // The stream closes the descriptor it is given, so it gets one of its own.
        let copy = unsafe openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else {
            throw GitError.system(operation, at: path)
        }
        defer { _ = unsafe closedir(stream) }
        var names: [[UInt8]] = []
        errno = 0
        while let entry = unsafe readdir(stream) {
            guard let text = unsafe loopdesk_entry_name(entry) else { continue }
            let length = unsafe strlen(text)
            let name = unsafe Array(UnsafeRawBufferPointer(start: text, count: length))
            if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
            errno = 0
        }
        // The end of the list and a disk that fails look alike but for this.
        guard errno == 0 else { throw GitError.system(operation, at: path) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// What has that name, without following a link; nil when nothing has.
    func status(_ name: [UInt8], _ operation: String) throws(GitError) -> stat? {
        var status = stat()
        let flags = AT_SYMLINK_NOFOLLOW
        if unsafe fstatat(descriptor.number, name.cString, &status, flags) == 0 { return status }
        try Files.requireAbsence(place(name), operation)
        return nil
    }

    /// The content of a plain file, or the target of a link; nil for anything else.
    ///
    /// - Throws: `.tooLarge` when there are more bytes than the limit.
    func load(
        _ name: [UInt8],
        limitBytes: Int,
        _ operation: String
    ) throws(GitError) -> (mode: FileMode, bytes: [UInt8])? {
        guard let status = try status(name, operation) else { return nil }
        if status.st_mode & S_IFMT == S_IFLNK {
            return (.link, try target(of: name, operation))
        }
        // A pipe put in place since the look above must not make the open wait.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        let number = unsafe openat(descriptor.number, name.cString, flags)
        guard number >= 0 else {
            if errno == ENOENT || errno == ELOOP { return nil }
            throw GitError.system(operation, at: place(name))
        }
        let file = Descriptor(number)
        let opened = try file.status(operation, at: place(name))
        guard opened.st_mode & S_IFMT == S_IFREG else { return nil }
        let bytes = try file.readAll(limitBytes: limitBytes, operation, at: place(name))
        return (opened.st_mode & 0o100 == 0 ? .regular : .executable, bytes)
    }

    /// Puts a file or link in place in one step; a folder of that name is removed first.
    ///
    /// - Returns: The status of the new file, for the index.
    @discardableResult
    func write(
        _ name: [UInt8],
        _ mode: FileMode,
        _ bytes: [UInt8],
        _ operation: String
    ) throws(GitError) -> stat {
        let draft = Array(".loopdesk-new".utf8)
        try removeTree(draft, operation)
        try create(draft, mode, bytes, operation)
        if let old = try status(name, operation), old.st_mode & S_IFMT == S_IFDIR {
            try removeTree(name, operation)
        }
        let number = descriptor.number
        guard unsafe renameat(number, draft.cString, number, name.cString) == 0,
            let status = try status(name, operation)
        else { throw GitError.system(operation, at: place(name)) }
        return status
    }

    /// The folder of that name, made if nothing has it.
    ///
    /// - Throws: `.io` when something that is no folder has the name.
    func newChild(_ name: [UInt8], _ operation: String) throws(GitError) -> Folder {
        if let folder = try child(name, operation) { return folder }
        guard unsafe mkdirat(descriptor.number, name.cString, 0o777) == 0,
            let folder = try child(name, operation)
        else { throw GitError.system(operation, at: place(name)) }
        return folder
    }

    /// Makes a new file or link; nothing may have the name.
    func create(
        _ name: [UInt8],
        _ mode: FileMode,
        _ bytes: [UInt8],
        _ operation: String
    ) throws(GitError) {
        if mode == .link {
            let made = unsafe symlinkat(bytes.cString, descriptor.number, name.cString)
            guard made == 0 else { throw GitError.system(operation, at: place(name)) }
            return
        }
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let bits: mode_t = mode == .executable ? 0o777 : 0o666
        let number = unsafe openat(descriptor.number, name.cString, flags, bits)
        guard number >= 0 else { throw GitError.system(operation, at: place(name)) }
        do {
            try Descriptor(number).write(bytes, operation, at: place(name))
        } catch {
            // Half a file would be in the way of the next attempt; the first error is reported.
            _ = unsafe unlinkat(descriptor.number, name.cString, 0)
            throw error
        }
    }

    /// Removes whatever has that name, and everything in it; nothing is not an error.
    func removeTree(_ name: [UInt8], _ operation: String) throws(GitError) {
        guard let status = try status(name, operation) else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unsafe unlinkat(descriptor.number, name.cString, 0) == 0 || errno == ENOENT
            else { throw GitError.system(operation, at: place(name)) }
            return
        }
        if let folder = try child(name, operation) {
            for inner in try folder.names(operation) { try folder.removeTree(inner, operation) }
        }
        let flags = AT_REMOVEDIR
        guard unsafe unlinkat(descriptor.number, name.cString, flags) == 0 || errno == ENOENT
        else { throw GitError.system(operation, at: place(name)) }
    }

    /// Renames a repository that stands where the pointer of a worktree belongs.
    ///
    /// It may be somebody's work; git does not find it under its new name.
    func keepRepository(_ operation: String) throws(GitError) {
        let pointer = Array(".git".utf8)
        guard let found = try status(pointer, operation), found.st_mode & S_IFMT == S_IFDIR else {
            return
        }
        var number = 1
        while true {
            let name = Array((number == 1 ? "git.defused" : "git.defused-\(number)").utf8)
            number += 1
            guard try status(name, operation) == nil else { continue }
            let from = descriptor.number
            guard unsafe renameat(from, pointer.cString, from, name.cString) == 0 else {
                throw GitError.system(operation, at: place(pointer))
            }
            return
        }
    }

    private func target(of name: [UInt8], _ operation: String) throws(GitError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4097)
        let count = unsafe buffer.withUnsafeMutableBytes { space in
            let start = unsafe space.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard let start = unsafe start else { return -1 }
            return unsafe readlinkat(descriptor.number, name.cString, start, space.count)
        }
        guard count >= 0 else { throw GitError.system(operation, at: place(name)) }
        return Array(buffer.prefix(count))
    }

    private func place(_ name: [UInt8]) -> String { Path.join(path, name.text) }
}

extension [UInt8] {
    /// The bytes as a C function wants a name: signed, with a zero at the end.
    var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
