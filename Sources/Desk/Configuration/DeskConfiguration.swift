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
    /// How long a turn may take, how often it is tried, and what becomes of agents that fail.
    public let supervision: SupervisionConfiguration
    /// The zone on whose clock cron expressions are read that name none themselves.
    public let timeZone: Zone
    /// Where the desk listens; nil when it does not.
    public let endpoint: ListenAddress?
    /// How large the logs of agents may grow.
    public let logs: LogConfiguration
    /// The servers that agents may be allowed to use, sorted by name.
    public let connectors: [ConnectorConfiguration]
    /// The models that agents may be driven by, sorted by name.
    public let models: [ModelConfiguration]
    /// What all agents together may spend on models.
    public let budget: ModelBudget
    /// Whether `loopdesk mcp` offers tools that ask for orders.
    public let offersOrderTools: Bool
    /// Whom the desk tells of what happens on it, sorted by name.
    public let alerts: [AlertConfiguration]
    /// How new bars come into the file of the feed; nil when somebody else sees to that.
    public let fetch: FetchConfiguration?
    /// The broker through which a live desk trades; nil when it trades on paper.
    public let broker: BrokerConfiguration?
    /// The agents, sorted by name.
    public let agents: [AgentConfiguration]

    /// The agent of that name.
    public func agent(_ name: AgentName) -> AgentConfiguration? {
        agents.first { $0.name == name }
    }

    /// The names of the connectors that an agent, an alert or the feed uses.
    public var usedConnectors: Set<String> {
        let told = alerts.compactMap { alert -> String? in
            if case .tool(let connector, _, _) = alert.way { connector } else { nil }
        }
        return Set(agents.flatMap(\.connectors) + told + (fetch.map { [$0.connector] } ?? []))
    }

    /// Reads and checks a configuration.
    /// - Parameters:
    ///   - text: The whole file.
    ///   - file: The name to use in messages.
    ///   - zones: Where time zones are found by name.
    /// - Throws: A ``DeskError`` with code `configuration` that lists every fault with its line.
    public init(
        parsing text: String,
        file: String = Self.fileName,
        zones: ZoneDatabase = .none
    ) throws(DeskError) {
        var reader = try YAMLReader(text, file: file, code: .configuration)
        let root = reader.root
        reader.allowOnly(
            [
                "version", "name", "replay", "time_zone", "market", "account", "supervision",
                "endpoint", "logs", "connectors", "models", "budget", "alerts", "mcp", "broker",
                "agents",
            ],
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
        timeZone =
            reader.scalar(
                "time_zone",
                in: root,
                expected: "the name of a time zone such as America/New_York",
                default: .utc
            ) { zones.zone(named: $0) } ?? .utc
        endpoint = ListenAddress.read(&reader)
        logs = LogConfiguration(&reader)
        connectors = ConnectorConfiguration.readAll(&reader)
        models = ModelConfiguration.readAll(&reader)
        budget = ModelBudget.read(&reader, "budget", in: root)
        offersOrderTools = Self.readOrderTools(&reader)
        alerts = AlertConfiguration.readAll(&reader, connectors: connectors)
        fetch = FetchConfiguration.read(&reader, connectors: connectors)
        broker = BrokerConfiguration.read(&reader, connectors: connectors)
        agents = Self.readAgents(&reader, zone: timeZone, zones: zones)
        Self.checkWebhooks(&reader, agents, endpoint)
        ConnectorConfiguration.checkUse(&reader, agents, connectors)
        BrokerConfiguration.checkUse(&reader, agents, broker)
        ModelConfiguration.checkUse(&reader, agents, models)
        try reader.finish()
    }

    private static func readOrderTools(_ reader: inout YAMLReader) -> Bool {
        let node = reader.section("mcp", allowing: ["orders"], isNeeded: false)
        return reader.scalar(
            "orders",
            in: node,
            path: "mcp.",
            expected: "true or false",
            default: false
        ) { Bool($0) } ?? false
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

    /// Checks that webhooks can be called, and by nobody who should not.
    private static func checkWebhooks(
        _ reader: inout YAMLReader,
        _ agents: [AgentConfiguration],
        _ endpoint: ListenAddress?
    ) {
        for agent in agents {
            guard let webhook = agent.triggers.webhook else { continue }
            let line = reader.root["agents"]?[agent.name.description]?["webhook"]?.line
            if endpoint == nil, reader.root["endpoint"] == nil {
                reader.report(
                    line: line,
                    "agents.\(agent.name).webhook: nobody can call it; give 'endpoint:' with"
                        + " 'listen: 127.0.0.1:8787'"
                )
            }
            if let endpoint, !endpoint.isLoopback, webhook.secretFile == nil {
                reader.report(
                    line: line,
                    "agents.\(agent.name).webhook: expected secret_file, because other computers"
                        + " can reach endpoint.listen '\(endpoint)'"
                )
            }
        }
    }

    private static func readAgents(
        _ reader: inout YAMLReader,
        zone: Zone,
        zones: ZoneDatabase
    ) -> [AgentConfiguration] {
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
            let agent = AgentConfiguration(
                &reader,
                name: name,
                node: member.value,
                zone: zone,
                zones: zones
            )
            if let agent { agents.append(agent) }
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
