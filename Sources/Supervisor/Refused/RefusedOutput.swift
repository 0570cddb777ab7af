// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// What a turn wrote and the desk refused, as it is kept for a person.
public struct RefusedOutput: Sendable, Hashable {
    /// One thing that was there.
    public struct File: Sendable, Hashable {
        /// Its path from the top of the worktree; what is not UTF-8 in it is replaced.
        public let path: String
        /// What it was: `file`, `folder`, `link`, or `other` for pipes, sockets and devices.
        public let kind: String
        /// How long it was, in bytes; 0 for what is no file.
        public let length: Int
        /// Its bytes, secrets masked; nil when it was not taken.
        public let content: [UInt8]?
        /// Whether all of it is kept.
        public let isWhole: Bool
        /// How many secrets are masked in it.
        public let masked: Int
    }

    /// The agent that wrote it.
    public let agent: AgentName
    /// The turn in which it was written.
    public let turn: Int
    /// The desk time of the turn.
    public let time: Instant
    /// Why it was refused.
    public let reason: String
    /// What was there, sorted by path.
    public let files: [File]
    /// How many more there were that are not kept.
    public let more: Int

    /// The form that this code writes and reads.
    static let schema: Int64 = 1

    init(
        agent: AgentName,
        turn: Int,
        time: Instant,
        reason: String,
        files: [File],
        more: Int
    ) {
        self.agent = agent
        self.turn = turn
        self.time = time
        self.reason = reason
        self.files = files
        self.more = more
    }

    /// The whole, for the file in which it is kept and for programs.
    ///
    /// Content is base64: nothing in the file can be run, and no program takes it for settings.
    public var json: JSON {
        [
            "schema": .int(Self.schema), "agent": .string(agent.description),
            "turn": .int(Int64(turn)), "time": .string(time.description),
            "reason": .string(reason), "files": .array(files.map(\.json)),
            "more": .int(Int64(more)),
        ]
    }

    /// Reads what was kept.
    /// - Throws: A `JSONError` that names the member.
    init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "refused")
        guard let agent = AgentName(try fields.string("agent")) else {
            throw JSONError("refused.agent: not the name of an agent")
        }
        self.agent = agent
        turn = try fields.int("turn")
        time = try fields.instant("time")
        reason = try fields.string("reason")
        more = try fields.int("more")
        var files: [File] = []
        for (index, file) in try fields.array("files").enumerated() {
            files.append(try File(json: file, path: "refused.files[\(index)]"))
        }
        self.files = files
    }
}

extension RefusedOutput.File {
    /// The file for programs.
    public var json: JSON {
        var text: [UInt8] = []
        if let content { Base64.append(content, to: &text) }
        return [
            "path": .string(path), "kind": .string(kind), "length": .int(Int64(length)),
            "base64": content == nil ? .null : .string(String(decoding: text, as: UTF8.self)),
            "whole": .bool(isWhole), "masked": .int(Int64(masked)),
        ]
    }

    fileprivate init(json: JSON, path: String) throws(JSONError) {
        let fields = try JSONFields(json, path: path)
        self.path = try fields.string("path")
        kind = try fields.string("kind")
        length = try fields.int("length")
        isWhole = try fields.bool("whole")
        masked = try fields.int("masked")
        // What is no regular file, such as a link, has no content.
        switch fields.optional("base64") {
        case nil: content = nil
        case .string(let text):
            guard let bytes = Base64.octets(of: text) else {
                throw JSONError("\(path).base64: not base64")
            }
            content = bytes
        default: throw JSONError("\(path).base64: expected a text")
        }
    }
}
