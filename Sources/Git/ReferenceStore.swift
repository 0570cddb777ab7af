// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// References as files, read and moved without libgit2.
///
/// Not for speed, which is the same: libgit2 can be told to flush only for the whole process, not
/// for one call, and it cannot move several references together.
final class ReferenceStore: Sendable {
    /// How often a lock that another process holds is tried again at once.
    static let lockAttempts = 20

    private struct Cached {
        var stamp: FileStamp?
        var packed = PackedReferences()
    }

    let folder: String
    private let cached = Mutex(Cached())
    /// The spare files of branches, by the name of the branch.
    let spares = Mutex<[String: Spare]>([:])

    init(folder: String) { self.folder = folder }

    /// The commit a reference stands for, links followed; nil when there is none.
    func load(_ name: String, depth: Int = 0) throws(GitError) -> ObjectID? {
        let operation = "read a reference"
        if let bytes = try Files.load(path(name), operation) {
            let text = bytes.text.trimmingSpaces
            if text.hasPrefix("ref:") {
                guard depth < 5 else {
                    throw GitError(.invalid, operation, at: name, "too many links in a row")
                }
                return try load(text.dropFirst(4).trimmingSpaces, depth: depth + 1)
            }
            guard let id = ObjectID(hex: text) else {
                throw GitError.corrupt(operation, at: path(name), "not an object id")
            }
            return id
        }
        // Git packs first and removes the loose file afterwards, so this order misses nothing.
        return try loadPacked().ids[name]
    }

    /// All references below a prefix, sorted by name.
    func list(prefix: String) throws(GitError) -> [(name: String, id: ObjectID)] {
        var names = Set(try loadPacked().ids.keys.filter { $0.hasPrefix(prefix) })
        let start = prefix.hasSuffix("/") ? Path.trimmed(prefix) : Path.parent(of: prefix)
        try collect(start, &names)
        var result: [(name: String, id: ObjectID)] = []
        for name in names.sorted() where name.hasPrefix(prefix) {
            // A reference may disappear between the two looks.
            if let id = try load(name) { result.append((name, id)) }
        }
        return result
    }

    func path(_ name: String) -> String { Path.join(folder, name) }

    /// The packed references, parsed anew only when the file has changed.
    func loadPacked() throws(GitError) -> PackedReferences {
        let file = path("packed-refs")
        let operation = "read packed references"
        guard let status = try Files.status(file, operation) else { return PackedReferences() }
        let stamp = FileStamp(status)
        return try cached.withLock { (cached) throws(GitError) -> PackedReferences in
            if cached.stamp == stamp { return cached.packed }
            let bytes = try Files.load(file, operation) ?? []
            cached.packed = try PackedReferences(bytes: bytes, at: file)
            cached.stamp = stamp
            return cached.packed
        }
    }

    private func collect(_ folder: String, _ names: inout Set<String>) throws(GitError) {
        for name in try Files.names(in: path(folder), "list references") {
            let full = Path.join(folder, name)
            if try Files.isFolder(path(full), "list references") {
                try collect(full, &names)
            } else if ReferenceName.isValid(full) {
                names.insert(full)
            }
        }
    }
}
