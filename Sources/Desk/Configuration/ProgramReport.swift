// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Where the output of a program says how its turn went.
///
/// The output is read line by line; a line that is a JSON object is an event, and all others are
/// passed over. Members are named by their path, such as `usage.input_tokens`.
public struct ProgramReport: Sendable, Hashable {
    /// A kind of event, told by the values of some of its members.
    public struct Mark: Sendable, Hashable {
        let members: [JSON.Member]

        init(_ members: [JSON.Member]) {
            self.members = members
        }

        /// Whether an event is of this kind.
        public func matches(_ event: JSON) -> Bool {
            members.allSatisfy { event.member(at: $0.name) == $0.value }
        }
    }

    /// The event that ends a run; a run without it has not ended well.
    public let final: Mark
    /// An event that says that the run failed; nil when there is none of its own.
    public let failure: Mark?
    /// Where an event that tells of a failure says why.
    public let reason: String?
    /// The member of the final event that is true when the run failed.
    public let failed: String?
    /// What the final event must say for the run to have come to its end; nil for nothing.
    public let success: Mark?
    /// The event that holds the program's last words; nil for the final one.
    public let answer: Mark?
    /// Where that event holds them.
    public let text: String?
    /// Where the final event says what the run cost, in money.
    public let cost: String?
    /// Where it says how often the model was asked.
    public let turns: String?
    /// Where it counts tokens that went in; what stands at these places is added up.
    public let input: [String]
    /// Where it counts tokens that were read from a cache.
    public let cached: String?
    /// Whether those are among the tokens that went in.
    public let isCachedInInput: Bool
    /// Where it counts tokens that came out.
    public let output: [String]

    /// What Claude Code prints with `--output-format json` or `stream-json`.
    static let claude = ProgramReport(
        final: Mark([.init("type", "result")]),
        failure: nil,
        reason: "result",
        failed: "is_error",
        success: Mark([.init("subtype", "success")]),
        answer: nil,
        text: "result",
        cost: "total_cost_usd",
        turns: "num_turns",
        input: ["usage.input_tokens", "usage.cache_creation_input_tokens"],
        cached: "usage.cache_read_input_tokens",
        isCachedInInput: false,
        output: ["usage.output_tokens"]
    )

    /// What Codex prints with `exec --json`.
    static let codex = ProgramReport(
        final: Mark([.init("type", "turn.completed")]),
        failure: Mark([.init("type", "turn.failed")]),
        reason: "error.message",
        failed: nil,
        success: nil,
        answer: Mark([.init("type", "item.completed"), .init("item.type", "agent_message")]),
        text: "item.text",
        cost: nil,
        turns: nil,
        input: ["usage.input_tokens"],
        cached: "usage.cached_input_tokens",
        isCachedInInput: true,
        output: ["usage.output_tokens"]
    )

    /// What a program of a kind is known to print; nil for one that may print anything.
    static func known(_ kind: ProgramConfiguration.Kind) -> ProgramReport? {
        switch kind {
        case .claude: claude
        case .codex: codex
        case .lines, .once: nil
        }
    }
}

extension ProgramReport {
    private static let keys = [
        "final", "failure", "reason", "failed", "success", "answer", "text", "cost", "turns",
        "input", "cached", "cached_in_input", "output",
    ]

    /// Reads `report:`.
    init?(_ reader: inout YAMLReader, in program: YAMLNode, path: String) {
        guard let node = reader.mapping("report", in: program, path: path) else { return nil }
        let path = "\(path)report."
        reader.allowOnly(Self.keys, in: node, path: path)
        guard let final = Self.mark("final", &reader, node, path) else {
            if node["final"] == nil {
                reader.report(
                    line: node.line,
                    "\(path)final: missing; expected members of the last event such as"
                        + " {type: result}"
                )
            }
            return nil
        }
        func member(_ name: String) -> String? {
            node[name] == nil
                ? nil
                : reader.scalar(name, in: node, path: path, expected: Self.form, Self.place)
        }
        self.final = final
        failure = Self.mark("failure", &reader, node, path)
        success = Self.mark("success", &reader, node, path)
        answer = Self.mark("answer", &reader, node, path)
        reason = member("reason")
        failed = member("failed")
        text = member("text")
        cost = member("cost")
        turns = member("turns")
        cached = member("cached")
        input = reader.list("input", in: node, path: path, expected: Self.form, Self.place)
        output = reader.list("output", in: node, path: path, expected: Self.form, Self.place)
        isCachedInInput =
            reader.scalar(
                "cached_in_input",
                in: node,
                path: path,
                expected: "true or false",
                default: false
            ) { Bool($0) } ?? false
    }

    private static let form = "the path of a member such as usage.input_tokens"

    private static func place(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 128 && parts.allSatisfy { !$0.isEmpty } ? text : nil
    }

    private static func mark(
        _ name: String,
        _ reader: inout YAMLReader,
        _ node: YAMLNode,
        _ path: String
    ) -> Mark? {
        guard node[name] != nil, let value = reader.mapping(name, in: node, path: path) else {
            return nil
        }
        let members = value.members ?? []
        let isUsable = !members.isEmpty && members.allSatisfy { $0.value.scalar != nil }
        guard isUsable else {
            reader.report(
                line: value.line,
                "\(path)\(name): expected members with a plain value, such as {type: result}"
            )
            return nil
        }
        return Mark(members.map { JSON.Member($0.name, $0.value.json) })
    }
}
