// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One agent as `orchestrator.yml` describes it.
public struct AgentConfiguration: Sendable, Hashable {
    /// The agent's name.
    public let name: AgentName
    /// What it is for.
    public let role: Role
    /// Whether it runs at every bar of the market clock; in a replay any `every:` means that.
    public let runsEveryBar: Bool
    /// The topics whose signals start a turn.
    public let topics: [Topic]
    /// The shared skills that it reads, in the order of the file.
    public let skills: [String]
    /// The program to run instead of the native one, with its arguments; empty for the native one.
    public let command: [String]
    /// Role-specific settings, defaults filled in.
    public let settings: RoleSettings

    init?(_ reader: inout YAMLReader, name: AgentName, node: YAMLNode) {
        let path = "agents.\(name)."
        guard node.members != nil else {
            reader.report(
                line: node.line,
                "agents.\(name): found \(node.summary); expected a mapping with at least 'role'"
            )
            return nil
        }
        reader.allowOnly(
            ["role", "every", "on", "skills", "command", "settings"],
            in: node,
            path: path
        )
        let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
        guard
            let role = reader.scalar(
                "role",
                in: node,
                path: path,
                expected: "one of \(roles)",
                { Role(rawValue: $0) }
            )
        else { return nil }
        self.name = name
        self.role = role
        runsEveryBar =
            reader.scalar(
                "every",
                in: node,
                path: path,
                expected: "'bar' or a time such as 1m",
                default: ""
            ) { $0 == "bar" || TimeLimit($0) != nil ? $0 : nil } != ""
        let known = Topic.deliverable.map(\.rawValue).joined(separator: ", ")
        topics = reader.list("on", in: node, path: path, expected: "one of \(known)") { text in
            Topic.deliverable.first { $0.rawValue == text }
        }
        skills = reader.list(
            "skills",
            in: node,
            path: path,
            expected: "the name of a folder in skills/"
        ) { $0.contains("/") || $0.hasPrefix(".") || $0.isEmpty ? nil : $0 }
        command = reader.list("command", in: node, path: path, expected: "a text", isSet: false) {
            $0
        }
        let given = node["settings"] == nil ? nil : reader.mapping("settings", in: node, path: path)
        settings = RoleSettings(&reader, role: role, node: given, path: "\(path)settings.")
        // A trigger that could not be read is a fault of its own, reported above.
        if node["every"] == nil, node["on"]?.elements?.isEmpty ?? (node["on"] == nil) {
            reader.report(
                line: node.line,
                "agents.\(name): nothing starts it; give 'every: bar' or 'on:' with topics"
                    + " (\(known))"
            )
        }
    }
}
