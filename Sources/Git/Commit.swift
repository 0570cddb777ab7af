// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One commit, copied out of the repository.
public struct Commit: Hashable, Sendable {
    /// The name of the commit.
    public let id: ObjectID
    /// The tree it recorded.
    public let tree: ObjectID
    /// The commits before it, the first being the branch it was made on; empty for a first commit.
    public let parents: [ObjectID]
    /// Who made it and when.
    public let author: Signature
    /// The whole message as stored.
    public let message: String

    /// The first line of the message.
    public var subject: String {
        let line = message.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first
        return line.map { Substring($0).trimmingSpaces } ?? ""
    }

    /// The `Key: value` lines of the last paragraph, in their order.
    public var trailers: [Trailer] { Trailer.parse(message: message) }

    /// The values of one trailer, in their order; keys compare exactly.
    public func values(of key: String) -> [String] {
        trailers.filter { $0.key == key }.map(\.value)
    }

    /// Parses a commit object; nil when a required line is missing.
    package init?(id: ObjectID, content: [UInt8]) {
        var tree: ObjectID?
        var parents: [ObjectID] = []
        var author: Signature?
        var position = 0
        while position < content.count, content[position] != UInt8(ascii: "\n") {
            let end = content[position...].firstIndex(of: UInt8(ascii: "\n")) ?? content.count
            let line = String(decoding: content[position..<end], as: UTF8.self)
            if line.hasPrefix("tree "), tree == nil {
                tree = ObjectID(hex: line.dropFirst(5))
            } else if line.hasPrefix("parent "), let parent = ObjectID(hex: line.dropFirst(7)) {
                parents.append(parent)
            } else if line.hasPrefix("author "), author == nil {
                author = Signature(line: line.dropFirst(7))
            }
            position = end + 1
        }
        guard let tree, let author else { return nil }
        self.id = id
        self.tree = tree
        self.parents = parents
        self.author = author
        self.message = String(decoding: content.dropFirst(position + 1), as: UTF8.self)
    }
}
