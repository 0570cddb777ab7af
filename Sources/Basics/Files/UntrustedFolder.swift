// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CFiles
import Glibc

/// An open folder in which somebody else may write at the same time.
///
/// Everything is reached from the descriptor of the folder, never by a path from the root. No link
/// is followed, nothing leads out of the folder or onto another file system, and no pipe makes the
/// reader wait. Names are bytes, since they need not be UTF-8.
public struct UntrustedFolder: ~Copyable {
    /// One thing in the folder.
    public struct Entry: Sendable, Hashable {
        /// Its name.
        public let name: [UInt8]
        /// What it is.
        public let kind: Kind
    }

    /// What a name stands for, links not followed.
    public enum Kind: String, Sendable, Hashable {
        /// A regular file, with however many names.
        case file
        /// A folder.
        case folder
        /// A symbolic link.
        case link
        /// A pipe, a socket or a device.
        case other
    }

    /// Where the folder was when it was opened, for messages only.
    public let path: String
    private let descriptor: Int32
    /// Whether the folders of a name are opened one by one, as on a kernel without `openat2`.
    private let isWalking: Bool

    /// Opens a folder; the last part of its path must not be a link.
    /// - Throws: A ``FileError``; `wrongKind` for a link or a file in its place.
    public init(_ folder: Folder) throws(FileError) {
        try self.init(folder, isWalking: false)
    }

    package init(_ folder: Folder, isWalking: Bool) throws(FileError) {
        let opened = open(folder.path, Self.folderFlags)
        guard opened >= 0 else { throw Self.failure("open folder", folder.path, errno) }
        self.init(opened, path: folder.path, isWalking: isWalking)
    }

    private init(_ descriptor: Int32, path: String, isWalking: Bool) {
        self.descriptor = descriptor
        self.path = path
        self.isWalking = isWalking
    }

    deinit { close(descriptor) }

    private static let folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    /// Opens a folder in this one.
    /// - Throws: A ``FileError``; `wrongKind` for a link or a file in its place.
    public func folder(_ name: some Collection<UInt8>) throws(FileError) -> UntrustedFolder {
        let opened = openBeneath(name, Self.folderFlags)
        let place = place(name)
        guard opened >= 0 else { throw Self.failure("open folder", place, errno) }
        return UntrustedFolder(opened, path: place, isWalking: isWalking)
    }

    /// The bytes of a regular file that has no other name.
    ///
    /// They are read once; what is done to the file afterwards, or meanwhile, does not change what
    /// was returned.
    /// - Throws: A ``FileError``; `wrongKind` for links, devices, pipes and files with two names,
    ///   `tooLarge` beyond the limit.
    public func read(_ name: String, limitBytes: Int) throws(FileError) -> [UInt8] {
        try read(name.utf8, limitBytes: limitBytes, isCut: false).bytes
    }

    /// As ``read(_:limitBytes:)``; of a larger file the beginning, and how long all of it is.
    public func readBeginning(
        _ name: some Collection<UInt8>,
        limitBytes: Int
    ) throws(FileError) -> (bytes: [UInt8], length: Int) {
        try read(name, limitBytes: limitBytes, isCut: true)
    }

    private func read(
        _ name: some Collection<UInt8>,
        limitBytes: Int,
        isCut: Bool
    ) throws(FileError) -> (bytes: [UInt8], length: Int) {
        let file = openBeneath(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            let number = errno
            let place = place(name)
            throw Self.isInTheWay(number)
                ? .unwanted(place)
                : FileError(operation: "read", path: place, errorNumber: number)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw FileError(operation: "read", path: place(name), errorNumber: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
            throw .unwanted(place(name))
        }
        let length = Int(status.st_size)
        if !isCut { try FileError.check(length, limitBytes, place(name)) }
        let bytes = try [UInt8](
            reading: file,
            path: place(name),
            length: min(length, limitBytes)
        )
        return (bytes, length)
    }

    /// What the folder holds, unsorted.
    /// - Throws: A ``FileError``; `tooLarge` when there is more than the limit.
    public func entries(atMost limit: Int) throws(FileError) -> [Entry] {
        var entries: [Entry] = []
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        // Another listing begins at the beginning again.
        defer { lseek(descriptor, 0, SEEK_SET) }
        while true {
            let count = buffer.withUnsafeMutableBytes {
                desk_read_entries(descriptor, $0.baseAddress, UInt($0.count))
            }
            guard count >= 0 else {
                throw FileError(operation: "list folder", path: path, errorNumber: errno)
            }
            guard count > 0 else { return entries }
            var place = 0
            while place < count {
                let length = Int(buffer[place + 16]) | Int(buffer[place + 17]) << 8
                let name = Array(buffer[(place + 19)..<(place + length)].prefix { $0 != 0 })
                let type = Int32(buffer[place + 18])
                place += length
                guard name != [0x2E], name != [0x2E, 0x2E] else { continue }
                guard entries.count < limit else { throw tooMany(limit) }
                let kind = Self.kind(type) ?? kind(of: name)
                entries.append(Entry(name: name, kind: kind ?? .other))
            }
        }
    }

    /// Room for some hundred entries.
    private static let bufferBytes = 16 << 10

    private func tooMany(_ limit: Int) -> FileError {
        FileError(
            code: .tooLarge,
            operation: "list folder",
            path: path,
            reason: "it holds more than \(limit) entries"
        )
    }

    /// What has a name; nil when nothing has.
    public func kind(of name: some Collection<UInt8>) -> Kind? {
        var status = stat()
        guard fstatat(descriptor, Self.text(name), &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            return nil
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// Gives an entry another name, with a number behind it when that name is taken.
    /// - Returns: The name it has got; nil when the entry is gone.
    /// - Throws: A ``FileError``; the entry then keeps its name.
    public func setAside(
        _ name: some Collection<UInt8>,
        as wanted: [UInt8]
    ) throws(FileError) -> [UInt8]? {
        for number in 1...1000 {
            let new = number == 1 ? wanted : wanted + Array("-\(number)".utf8)
            if desk_rename_new(descriptor, Self.text(name), Self.text(new)) == 0 { return new }
            if errno == ENOENT { return nil }
            guard errno == EEXIST || errno == ENOTEMPTY else { break }
        }
        throw FileError(operation: "set aside", path: place(name), errorNumber: errno)
    }

    private func openBeneath(_ name: some Collection<UInt8>, _ flags: Int32) -> Int32 {
        guard Self.goesDownOnly(name) else {
            errno = EXDEV
            return -1
        }
        if !isWalking {
            let opened = desk_open_beneath(descriptor, Self.text(name), flags)
            // A filter of system calls answers EPERM for what it does not know.
            if opened >= 0 || (errno != ENOSYS && errno != EPERM) { return opened }
        }
        return walk(to: name, flags)
    }

    private func walk(to name: some Collection<UInt8>, _ flags: Int32) -> Int32 {
        let parts = name.split(separator: 0x2F, omittingEmptySubsequences: false)
        var (own, next) = (stat(), stat())
        guard fstat(descriptor, &own) == 0 else { return -1 }
        var parent = descriptor
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let opened = openat(parent, Self.text(part), isLast ? flags : Self.folderFlags)
            let failure = errno
            if parent != descriptor { close(parent) }
            errno = failure
            guard opened >= 0 else { return -1 }
            guard fstat(opened, &next) == 0, next.st_dev == own.st_dev else {
                close(opened)
                errno = EXDEV
                return -1
            }
            parent = opened
        }
        return parent
    }

    private static func goesDownOnly(_ name: some Collection<UInt8>) -> Bool {
        name.split(separator: 0x2F, omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && !$0.elementsEqual([0x2E, 0x2E]) }
    }

    private func place(_ name: some Collection<UInt8>) -> String {
        "\(path)/\(String(decoding: name, as: UTF8.self))"
    }

    private static func text(_ name: some Collection<UInt8>) -> [CChar] {
        name.map { CChar(bitPattern: $0) } + [0]
    }

    private static func kind(_ type: Int32) -> Kind? {
        switch type {
        case Int32(DT_REG): .file
        case Int32(DT_DIR): .folder
        case Int32(DT_LNK): .link
        case Int32(DT_UNKNOWN): nil
        default: .other
        }
    }

    private static func isInTheWay(_ number: Int32) -> Bool {
        [ELOOP, ENXIO, EXDEV, ENOTDIR].contains(number)
    }

    private static func failure(_ operation: String, _ path: String, _ number: Int32) -> FileError {
        guard isInTheWay(number) else {
            return FileError(operation: operation, path: path, errorNumber: number)
        }
        return FileError(
            code: .wrongKind,
            operation: operation,
            path: path,
            reason: "a folder is needed, and no link on the way"
        )
    }
}
