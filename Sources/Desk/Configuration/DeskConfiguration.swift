// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Everything `orchestrator.yml` says, checked as a whole.
public struct DeskConfiguration: Sendable, Hashable {
    /// The file that makes a repository a desk.
    public static let fileName = "orchestrator.yml"
    /// The version of the file's form.
    public static let version = 1

    /// The desk's name, for people.
    public let name: String
    /// The first and the last day that a replay runs over.
    public let replay: ClosedRange<CalendarDate>
    /// Where bars and events come from.
    public let market: MarketConfiguration
    /// What the account starts with and what trading costs.
    public let account: AccountConfiguration
    /// How long a turn may take and how often it is tried.
    public let supervision: SupervisionConfiguration
    /// The agents, sorted by name.
    public let agents: [AgentConfiguration]

    /// The agent of that name.
    public func agent(_ name: AgentName) -> AgentConfiguration? {
        agents.first { $0.name == name }
    }

    /// Reads and checks a configuration.
    /// - Parameters:
    ///   - text: The whole file.
    ///   - file: The name to use in messages.
    /// - Throws: A ``DeskError`` with code `configuration` that lists every fault with its line.
    public init(parsing text: String, file: String = Self.fileName) throws(DeskError) {
        var reader = try YAMLReader(text, file: file, code: .configuration)
        let root = reader.root
        reader.allowOnly(
            ["version", "name", "replay", "market", "account", "supervision", "agents"],
            in: root
        )
        _ = reader.scalar("version", in: root, expected: "the number \(Self.version)") {
            Int($0) == Self.version ? Self.version : nil
        }
        name = reader.string("name", in: root) ?? ""
        replay = Self.readReplay(&reader)
        market = MarketConfiguration(&reader)
        account = AccountConfiguration(&reader)
        supervision = SupervisionConfiguration(&reader)
        agents = Self.readAgents(&reader)
        try reader.finish()
    }

    private static func readReplay(_ reader: inout YAMLReader) -> ClosedRange<CalendarDate> {
        let fallback = CalendarDate(daysSinceEpoch: 0)...CalendarDate(daysSinceEpoch: 0)
        guard let node = reader.mapping("replay", in: reader.root) else { return fallback }
        reader.allowOnly(["from", "through"], in: node, path: "replay.")
        let expected = "a date such as 2000-03-01, from 1678 to 2261"
        let from = reader.scalar("from", in: node, path: "replay.", expected: expected) {
            Self.date($0)
        }
        let through = reader.scalar("through", in: node, path: "replay.", expected: expected) {
            Self.date($0)
        }
        guard let from, let through else { return fallback }
        guard from <= through else {
            reader.report(
                line: node["through"]?.line,
                "replay.through: found '\(through)'; it must not lie before replay.from '\(from)'"
            )
            return fallback
        }
        return from...through
    }

    /// A date on which an instant can lie.
    private static func date(_ text: String) -> CalendarDate? {
        CalendarDate(text).flatMap { (1678...2261).contains($0.parts.year) ? $0 : nil }
    }

    private static func readAgents(_ reader: inout YAMLReader) -> [AgentConfiguration] {
        guard let node = reader.mapping("agents", in: reader.root) else { return [] }
        var agents: [AgentConfiguration] = []
        for member in node.members ?? [] {
            guard let name = AgentName(member.name) else {
                reader.report(
                    line: member.line,
                    "agents.\(member.name): not a name for an agent; allowed are \(AgentName.form)"
                )
                continue
            }
            if let agent = AgentConfiguration(&reader, name: name, node: member.value) {
                agents.append(agent)
            }
        }
        for role in Role.allCases where role.usesGateway || role == .ingestor {
            let holders = agents.filter { $0.role == role }
            for holder in holders.dropFirst() {
                reader.report(
                    line: node[holder.name.description]?["role"]?.line,
                    "agents.\(holder.name).role: found a second '\(role.rawValue)'; a desk has one"
                )
            }
        }
        if agents.isEmpty, reader.problems.isEmpty {
            reader.report(line: node.line, "agents: empty; a desk has at least one agent")
        }
        return agents.sorted { $0.name < $1.name }
    }
}
