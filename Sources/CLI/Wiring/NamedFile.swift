// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

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

    /// Writes the file in one step.
    func write(_ bytes: [UInt8]) throws {
        guard folder.exists else {
            throw Failure("cannot write \(path): there is no folder \(folder.path)", .notFound)
        }
        try folder.replace(name, with: bytes)
    }
}
