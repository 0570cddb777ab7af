// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension SupervisionConfiguration {
    /// Which agents of a group are started again when one of them fails.
    public enum Strategy: String, Sendable, Hashable, CaseIterable {
        /// The one that failed.
        case oneForOne = "one_for_one"
        /// All of the group.
        case oneForAll = "one_for_all"
        /// The one that failed and those that are named after it.
        case restForOne = "rest_for_one"
    }

    /// Agents that are started again together.
    public struct Group: Sendable, Hashable {
        /// The name under `supervision.groups`.
        public let name: String
        /// The members in the order of the file; an agent is in one group at most.
        public let agents: [AgentName]
        /// What the failure of one means for the others.
        public let strategy: Strategy

        /// Describes a group.
        public init(name: String, agents: [AgentName], strategy: Strategy) {
            self.name = name
            self.agents = agents
            self.strategy = strategy
        }
    }

    static func readGroups(_ reader: inout YAMLReader, in node: YAMLNode) -> [Group] {
        guard node["groups"] != nil else { return [] }
        guard let groups = reader.mapping("groups", in: node, path: "supervision.") else {
            return []
        }
        var result: [Group] = []
        for member in groups.members ?? [] {
            let path = "supervision.groups.\(member.name)."
            guard member.value.members != nil else {
                reader.report(
                    line: member.line,
                    "\(path.dropLast()): found \(member.value.summary); expected a mapping with"
                        + " 'agents'"
                )
                continue
            }
            reader.allowOnly(["agents", "strategy"], in: member.value, path: path)
            let agents = readMembers(&reader, in: member.value, path: path, others: result)
            let strategies = Strategy.allCases.map(\.rawValue).joined(separator: ", ")
            let strategy = reader.scalar(
                "strategy",
                in: member.value,
                path: path,
                expected: "one of \(strategies)",
                default: .oneForOne
            ) { Strategy(rawValue: $0) }
            result.append(
                Group(name: member.name, agents: agents, strategy: strategy ?? .oneForOne)
            )
        }
        return result
    }

    private static func readMembers(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String,
        others: [Group]
    ) -> [AgentName] {
        // Names are looked at as they stand in the file: an agent may have faults of its own.
        let known = (reader.root["agents"]?.members ?? []).map(\.name)
        let agents = reader.list(
            "agents",
            in: node,
            path: path,
            expected: "the name of an agent: \(known.joined(separator: ", "))"
        ) { known.contains($0) ? AgentName($0) : nil }
        if node["agents"]?.elements?.isEmpty ?? (node["agents"] == nil) {
            reader.report(line: node.line, "\(path)agents: missing; expected names of agents")
        }
        for agent in agents {
            guard let other = others.first(where: { $0.agents.contains(agent) }) else { continue }
            reader.report(
                line: node["agents"]?.line,
                "\(path)agents: found '\(agent)', which is in the group '\(other.name)' already"
            )
        }
        return agents
    }
}
