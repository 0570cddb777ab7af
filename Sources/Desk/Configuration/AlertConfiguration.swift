// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Whom a desk tells of what happens on it, as one member of `alerts:` says.
public struct AlertConfiguration: Sendable, Hashable {
    /// Something that is worth telling.
    public enum Occasion: String, Sendable, Hashable, CaseIterable {
        /// Orders are no longer accepted.
        case halt
        /// They are again.
        case resume
        /// An agent is out of service.
        case quarantine
        /// A goal ended.
        case goal
        /// What an agent wrote was refused.
        case refused
        /// A turn was given up and its mail set aside.
        case parked
        /// A part of the desk does not work.
        case degraded
        /// The account has lost more than `drawdown` says.
        case drawdown

        /// The event that is such an occasion.
        public var event: String {
            switch self {
            case .halt: "ledger.halted"
            case .resume: "ledger.resumed"
            case .quarantine: "agent.quarantined"
            case .goal: "goal.ended"
            case .refused: "output.refused"
            case .parked: "turn.parked"
            case .degraded: "desk.degraded"
            case .drawdown: "account.reported"
            }
        }
    }

    /// How it is told.
    public enum Way: Sendable, Hashable {
        /// By a tool of a connector, with arguments in which words in braces are filled in.
        case tool(connector: String, tool: String, arguments: JSON)
        /// By a message to a server, signed if there is a secret.
        case webhook(url: String, secret: SecretSource?)
    }

    /// The name, by which the desk remembers what was told.
    public let name: String
    /// What is told.
    public let occasions: Set<Occasion>
    /// The loss from the highest equity, as a fraction, that is an occasion; nil for none.
    public let drawdown: Double?
    /// The most messages in an hour.
    public let perHour: Int
    /// How it is told.
    public let way: Way

    /// The words that may stand in braces in arguments.
    public static let words = ["id", "desk", "event", "agent", "reason", "time", "text"]
    /// The most alerts of a desk.
    static let entryLimit = 16

    private static let keys = [
        "on", "drawdown", "per_hour", "connector", "tool", "arguments", "webhook", "secret",
    ]

    /// Reads `alerts:`, sorted by name.
    static func readAll(
        _ reader: inout YAMLReader,
        connectors: [ConnectorConfiguration]
    ) -> [AlertConfiguration] {
        guard reader.root["alerts"] != nil,
            let node = reader.mapping("alerts", in: reader.root)
        else { return [] }
        let members = node.members ?? []
        if members.count > entryLimit {
            reader.report(line: node.line, "alerts: more than \(entryLimit) entries; tell fewer")
        }
        return members.prefix(entryLimit).compactMap { member in
            guard CredentialRoute.isName(member.name) else {
                reader.report(
                    line: member.line,
                    "alerts.\(member.name): not a name; expected \(CredentialRoute.nameForm)"
                )
                return nil
            }
            return AlertConfiguration(&reader, member.name, member.value, connectors)
        }.sorted { $0.name < $1.name }
    }

    private init?(
        _ reader: inout YAMLReader,
        _ name: String,
        _ node: YAMLNode,
        _ connectors: [ConnectorConfiguration]
    ) {
        let path = "alerts.\(name)."
        guard node.members != nil else {
            reader.report(
                line: node.line,
                "alerts.\(name): found \(node.summary); expected on, and webhook or a tool"
            )
            return nil
        }
        reader.allowOnly(Self.keys, in: node, path: path)
        let all = Occasion.allCases.map(\.rawValue).joined(separator: ", ")
        let named = reader.list("on", in: node, path: path, expected: "one of \(all)") {
            Occasion(rawValue: $0)
        }
        if named.isEmpty {
            reader.report(line: node.line, "\(path)on: missing; expected some of \(all)")
        }
        let isAboutLoss = named.contains(.drawdown)
        let loss = reader.fraction("drawdown", in: node, path: path)
        if isAboutLoss != (node["drawdown"] != nil) {
            reader.report(
                line: node.line,
                "\(path)drawdown: goes with on: [drawdown], and says from which loss, such as 0.05"
            )
        }
        self.name = name
        occasions = Set(named)
        drawdown = isAboutLoss ? loss : nil
        perHour = reader.int("per_hour", in: node, path: path, range: 1...3600, default: 20)
        guard let way = Self.way(&reader, node, path, connectors) else { return nil }
        self.way = way
    }

    private static func way(
        _ reader: inout YAMLReader,
        _ node: YAMLNode,
        _ path: String,
        _ connectors: [ConnectorConfiguration]
    ) -> Way? {
        guard (node["webhook"] != nil) != (node["tool"] != nil) else {
            reader.report(
                line: node.line,
                "\(path)webhook: expected either webhook, an address, or connector and tool"
            )
            return nil
        }
        if node["webhook"] != nil {
            let isSigned = node["secret"] != nil
            let secret =
                isSigned ? CredentialRoute.secret(&reader, in: node, path: path) : nil
            let url = reader.scalar(
                "webhook",
                in: node,
                path: path,
                expected: CredentialRoute.urlForm
            ) { CredentialRoute.target(of: $0) == nil ? nil : $0 }
            return url.map { .webhook(url: $0, secret: secret) }
        }
        let known = connectors.map(\.name).sorted().joined(separator: ", ")
        let connector = reader.scalar(
            "connector",
            in: node,
            path: path,
            expected: known.isEmpty ? "a connector; there is none" : "one of \(known)"
        ) { name in connectors.contains { $0.name == name } ? name : nil }
        let tool = reader.string("tool", in: node, path: path)
        let arguments = Self.arguments(&reader, node, path)
        guard let connector, let tool, let arguments else { return nil }
        return .tool(connector: connector, tool: tool, arguments: arguments)
    }

    private static func arguments(
        _ reader: inout YAMLReader,
        _ node: YAMLNode,
        _ path: String
    ) -> JSON? {
        guard node["arguments"] != nil else { return ["text": "{text}"] }
        guard let given = reader.mapping("arguments", in: node, path: path) else { return nil }
        let template = ArgumentTemplate(given.json)
        if let word = template.unknownWord(among: words) {
            reader.report(
                line: given.line,
                "\(path)arguments: found '{\(word)}'; allowed are"
                    + " \(words.map { "{\($0)}" }.joined(separator: ", "))"
            )
        }
        return given.json
    }
}

extension YAMLReader {
    /// A number between 0 and 1, both left out; nil when it is absent or wrong.
    fileprivate mutating func fraction(
        _ name: String,
        in node: YAMLNode,
        path: String
    ) -> Double? {
        guard node[name] != nil else { return nil }
        return scalar(name, in: node, path: path, expected: "a fraction such as 0.05") { text in
            Double(text).flatMap { $0 > 0 && $0 < 1 ? $0 : nil }
        }
    }
}
