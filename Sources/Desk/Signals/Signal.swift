// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A message between agents: a JSON file that a turn commits.
public struct Signal: Sendable, Hashable {
    /// The version of the envelope that this code writes and reads.
    public static let schema = 1

    /// The most JSON values, those inside others included, that a file of an agent may have.
    public static let valueLimit = 200_000

    /// The name by which everything else refers to this signal, such as `intent-3fa9c1d2b7e4`.
    public let id: String
    /// What the signal is about.
    public let topic: Topic
    /// What it says; the form depends on the topic.
    public let body: JSON

    /// Creates a signal whose id is already known.
    public init(id: String, topic: Topic, body: JSON) {
        self.id = id
        self.topic = topic
        self.body = body
    }

    /// The file an agent writes to its outbox: the envelope without an id.
    public static func draft(_ topic: Topic, _ body: JSON) -> JSON {
        ["schema": .int(Int64(schema)), "topic": .string(topic.rawValue), "body": body]
    }

    /// The file that is delivered to an inbox.
    public var delivery: JSON {
        [
            "schema": .int(Int64(Self.schema)), "id": .string(id), "topic": .string(topic.rawValue),
            "body": body,
        ]
    }

    /// Reads a delivered file.
    /// - Throws: A ``DeskError`` with code `signal`.
    public init(delivered bytes: [UInt8], file: String) throws(DeskError) {
        let (json, topic, body) = try Self.open(bytes, file: file)
        guard let id = json["id"]?.stringValue else {
            throw DeskError(code: .signal, file: file, message: "the signal has no id")
        }
        self.init(id: id, topic: topic, body: body)
    }

    /// Reads a file as it stands on a branch and derives the signal's id from path and content.
    /// - Throws: A ``DeskError`` with code `signal`.
    public init(committed bytes: [UInt8], path: String) throws(DeskError) {
        let (_, topic, body) = try Self.open(bytes, file: path, valueLimit: Self.valueLimit)
        let hash = ContentHash(of: Array("\(path)\n".utf8) + bytes)
        self.init(id: "\(topic.rawValue)-\(hash.short)", topic: topic, body: body)
    }

    private static func open(
        _ bytes: [UInt8],
        file: String,
        valueLimit: Int = .max
    ) throws(DeskError) -> (JSON, Topic, JSON) {
        do throws(JSONError) {
            let json = try JSON(parsing: bytes, valueLimit: valueLimit)
            let fields = try JSONFields(json, path: "signal")
            let version = try fields.int("schema")
            guard version == schema else {
                throw JSONError(
                    "schema \(version) is not known to this version, which reads \(schema)"
                )
            }
            let name = try fields.string("topic")
            guard let topic = Topic(rawValue: name) else {
                let known = Topic.allCases.map(\.rawValue).joined(separator: ", ")
                throw JSONError("unknown topic '\(name)'; allowed are \(known)")
            }
            return (json, topic, try fields.required("body"))
        } catch {
            throw DeskError(code: .signal, file: file, message: error.description)
        }
    }
}
