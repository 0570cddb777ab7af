// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How an agent's `command:` runs when it is started anew for each turn: it reads files, writes
/// files and ends.
///
/// A program that stays and speaks the contract line by line has no such value.
public struct ProgramConfiguration: Sendable, Hashable {
    /// What kind of program it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// It stays, and is asked for one turn after another on its standard input.
        case lines
        /// It is started for each turn and ends.
        case once
        /// As `once`, and it is Claude Code.
        case claude
        /// As `once`, and it is Codex.
        case codex

        /// The kind of the program that a word of a command starts.
        init(ofProgram word: String) {
            let name = word.split(separator: "/").last.map(String.init) ?? word
            self = Kind(rawValue: name).flatMap { $0.isAssistant ? $0 : nil } ?? .lines
        }

        /// Whether it works with a language model behind a network.
        var isAssistant: Bool { self == .claude || self == .codex }
    }

    /// How the program is told what to do.
    public enum PromptWay: String, Sendable, Hashable, CaseIterable {
        /// Not at all; it knows.
        case none
        /// On its standard input.
        case input
        /// As its last argument.
        case argument
    }

    /// What a replay does with it.
    public enum InReplay: String, Sendable, Hashable, CaseIterable {
        /// It runs, without a network.
        case run
        /// It has no turns.
        case rest
    }

    /// What kind of program it is; never `lines`.
    public let kind: Kind
    /// How long a turn may take; nil for as long as any turn of the desk.
    public let timeout: TimeLimit?
    /// How it is told what to do.
    public let prompt: PromptWay
    /// Where its output says how it went; nil when only its exit status does.
    public let report: ProgramReport?
    /// What its tokens cost; nil when it says itself what it cost.
    public let prices: ProgramPrices?
    /// What a replay does with it.
    public let inReplay: InReplay
    /// The desk's own tools that it may call, in the order of the file.
    public let tools: [String]

    static let keys = ["kind", "timeout", "prompt", "report", "prices", "in_replay", "tools"]

    /// How long an assistant's turn may take when nothing is said.
    static let assistantTimeout = TimeLimit(milliseconds: 600_000)

    /// The desk's tools that only look, and the one whose use is counted.
    public static let deskTools = [
        "desk_status", "list_signals", "read_signal", "list_verdicts", "explain", "account",
        "evaluate", "backtest",
    ]

    /// The desk's tools that an agent of a role may be given: one that judges blindly must not read
    /// what others wrote.
    public static func deskTools(for role: Role) -> [String] {
        role.isBlind ? ["evaluate"] : deskTools
    }

    /// Reads `program:` of an agent; nil for a program that speaks lines, and for a native agent.
    static func read(
        _ reader: inout YAMLReader,
        in agent: YAMLNode,
        path: String,
        command: [String],
        role: Role
    ) -> ProgramConfiguration? {
        let node = agent["program"]
        guard let word = command.first else {
            if let node {
                reader.report(
                    line: node.line,
                    "\(path)program: there is no command that it could speak of; give 'command:'"
                )
            }
            return nil
        }
        let section =
            node == nil
            ? YAMLNode.empty(line: agent.line) : reader.mapping("program", in: agent, path: path)
        guard let section else { return nil }
        let inner = "\(path)program."
        reader.allowOnly(keys, in: section, path: inner)
        let guessed = Kind(ofProgram: word)
        let kind =
            reader.choice(
                "kind",
                in: section,
                path: inner,
                default: node == nil || guessed.isAssistant ? guessed : .once
            )
        guard kind != .lines else {
            for member in section.members ?? [] where member.name != "kind" {
                reader.report(
                    line: member.line,
                    "\(inner)\(member.name): means nothing to a program that speaks lines; give"
                        + " kind: once, claude or codex"
                )
            }
            return nil
        }
        if role.usesGateway {
            reader.report(
                line: (node ?? agent["command"])?.line,
                "\(inner)kind: found '\(kind.rawValue)'; the role \(role.rawValue) keeps"
                    + " its connection to the gateway, so it must stay: kind: lines"
            )
        }
        return ProgramConfiguration(&reader, section, kind, path: inner, role: role)
    }

    private init(
        _ reader: inout YAMLReader,
        _ node: YAMLNode,
        _ kind: Kind,
        path: String,
        role: Role
    ) {
        self.kind = kind
        timeout =
            node["timeout"] == nil
            ? (kind.isAssistant ? Self.assistantTimeout : nil)
            : reader.span("timeout", in: node, path: path, default: Self.assistantTimeout)
        prompt = reader.choice(
            "prompt",
            in: node,
            path: path,
            default: kind.isAssistant ? .input : .none
        )
        report =
            node["report"] == nil
            ? ProgramReport.known(kind) : ProgramReport(&reader, in: node, path: path)
        prices = node["prices"] == nil ? nil : ProgramPrices(&reader, in: node, path: path)
        inReplay = reader.choice(
            "in_replay",
            in: node,
            path: path,
            default: kind.isAssistant ? .rest : .run
        )
        let known = Self.deskTools(for: role)
        let expected = known.joined(separator: ", ")
        let named = reader.list("tools", in: node, path: path, expected: "one of \(expected)") {
            known.contains($0) ? $0 : nil
        }
        tools = node["tools"] == nil && kind.isAssistant ? known : named
    }
}

extension YAMLReader {
    /// One word of a closed list, with a default.
    fileprivate mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String,
        in node: YAMLNode,
        path: String,
        default fallback: Choice
    ) -> Choice where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return scalar(
            name,
            in: node,
            path: path,
            expected: "one of \(words)",
            default: fallback
        ) { Choice(rawValue: $0) } ?? fallback
    }
}
