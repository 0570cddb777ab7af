// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One agent as `orchestrator.yml` describes it.
public struct AgentConfiguration: Sendable, Hashable {
    /// The agent's name.
    public let name: AgentName
    /// What it is for.
    public let role: Role
    /// What starts its turns.
    public let triggers: TriggerConfiguration
    /// The shared skills that it reads, in the order of the file.
    public let skills: [String]
    /// The program to run instead of the native one, with its arguments; empty for the native one.
    public let command: [String]
    /// How that program runs when it is started for each turn; nil when it stays, or is native.
    public let program: ProgramConfiguration?
    /// The connectors whose tools it may call, in the order of the file.
    public let connectors: [String]
    /// The model that drives it; nil when its code does without.
    public let model: String?
    /// What it may spend on models.
    public let budget: ModelBudget
    /// Role-specific settings, defaults filled in.
    public let settings: RoleSettings
    /// What its process may see, use and reach.
    public let sandbox: SandboxConfiguration

    /// Whether it runs at every bar of a replay: any `every:` means that there.
    public var runsEveryBar: Bool { triggers.schedules.contains { $0.kind != .cron } }

    /// The topics whose signals start a turn.
    public var topics: [Topic] { triggers.topics }

    init?(
        _ reader: inout YAMLReader,
        name: AgentName,
        node: YAMLNode,
        zone: Zone,
        zones: ZoneDatabase
    ) {
        let path = "agents.\(name)."
        guard node.members != nil else {
            reader.report(
                line: node.line,
                "agents.\(name): found \(node.summary); expected a mapping with at least 'role'"
            )
            return nil
        }
        reader.allowOnly(
            ["role"] + TriggerConfiguration.keys
                + ["skills", "command", "program", "connectors", "model", "budget", "settings"]
                + ["sandbox"],
            in: node,
            path: path
        )
        guard let role = Self.role(&reader, in: node, path: path) else { return nil }
        self.name = name
        self.role = role
        triggers = TriggerConfiguration(
            &reader,
            in: node,
            path: path,
            zone: zone,
            zones: zones
        )
        skills = reader.list(
            "skills",
            in: node,
            path: path,
            expected: "the name of a folder in skills/"
        ) { $0.contains("/") || $0.hasPrefix(".") || $0.isEmpty ? nil : $0 }
        command = reader.list("command", in: node, path: path, expected: "a text", isSet: false) {
            $0
        }
        program = ProgramConfiguration.read(
            &reader,
            in: node,
            path: path,
            command: command,
            role: role
        )
        let named = "the name of a connector"
        connectors = reader.list("connectors", in: node, path: path, expected: named) { $0 }
        model = node["model"] == nil ? nil : reader.string("model", in: node, path: path)
        budget = ModelBudget.read(&reader, "budget", in: node, path: path)
        let given = node["settings"] == nil ? nil : reader.mapping("settings", in: node, path: path)
        settings = RoleSettings(&reader, role: role, node: given, path: "\(path)settings.")
        sandbox = SandboxConfiguration(&reader, in: node, path: path)
        checkProgram(&reader, in: node, path: path)
    }

    private static func role(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> Role? {
        let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
        return reader.scalar("role", in: node, path: path, expected: "one of \(roles)") {
            Role(rawValue: $0)
        }
    }
}
