// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The definitions of a server that a person has accepted, as hashes.
public struct ToolPins: Sendable, Hashable {
    /// One difference to what was accepted.
    public struct Change: Sendable, Hashable, Comparable, CustomStringConvertible {
        /// The tool, or ``ToolPins/instructionsName``.
        public let name: String
        /// Whether it was not there before.
        public let isNew: Bool

        /// Orders changes by name.
        public static func < (left: Change, right: Change) -> Bool { left.name < right.name }

        /// Name and kind.
        public var description: String { "\(name) is \(isNew ? "new" : "changed")" }
    }

    /// Stands for the server's instructions among the names; no tool can be called so.
    public static let instructionsName = "(instructions)"

    /// The hash of each definition, by name.
    public let hashes: [String: ContentHash]

    /// Takes the definitions of a server down.
    public init(_ tools: [ToolDefinition], instructions: String?) {
        var hashes = Dictionary(tools.map { ($0.name, $0.hash) }) { first, _ in first }
        if let instructions, !instructions.isEmpty {
            hashes[Self.instructionsName] = ContentHash(of: instructions)
        }
        self.hashes = hashes
    }

    /// Reads what ``json`` wrote.
    /// - Throws: A `JSONError`.
    public init(_ json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "pins")
        let tools = try fields.object("tools")
        var hashes: [String: ContentHash] = [:]
        for name in tools.names { hashes[name] = try tools.hash(name) }
        self.hashes = hashes
    }

    /// The hashes as an object, sorted by name.
    public var json: JSON {
        let names = hashes.keys.sorted()
        let members = names.compactMap { name in
            hashes[name].map { JSON.Member(name, .string($0.description)) }
        }
        return ["tools": .object(members)]
    }

    /// One hash over all, by which a person says what is accepted.
    public var hash: ContentHash { ContentHash(of: json.compactBytes) }

    /// What differs from these pins in what a server says now, sorted.
    ///
    /// What is there no more is no difference: it cannot be called.
    public func changes(to now: ToolPins) -> [Change] {
        now.hashes.compactMap { name, hash in
            guard let known = hashes[name] else { return Change(name: name, isNew: true) }
            return known == hash ? nil : Change(name: name, isNew: false)
        }.sorted()
    }

    /// These pins with those of another list put over them.
    public func accepting(_ now: ToolPins) -> ToolPins {
        ToolPins(hashes: hashes.merging(now.hashes) { $1 })
    }

    private init(hashes: [String: ContentHash]) {
        self.hashes = hashes
    }
}
