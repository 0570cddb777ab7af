// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ModelConfiguration {
    /// Whether an agent of a role can be driven by a model.
    static func serves(_ role: Role) -> Bool { role == .researcher || role == .verifier }

    /// Whether two entries lead to the same model.
    private func isSame(as other: ModelConfiguration) -> Bool {
        name == other.name || (url == other.url && model == other.model)
    }

    /// Checks that goals are judged by models that there are, and not by the agent's own.
    private static func checkJudges(
        _ reader: inout YAMLReader,
        _ agents: [AgentConfiguration],
        _ models: [ModelConfiguration]
    ) {
        for agent in agents {
            guard let name = agent.triggers.goal?.judge else { continue }
            let line = reader.root["agents"]?[agent.name.description]?["goal"]?["judge"]?.line
            guard let judge = models.first(where: { $0.name == name }) else {
                let list = models.isEmpty ? "none" : models.map(\.name).joined(separator: ", ")
                reader.report(
                    line: line,
                    "agents.\(agent.name).goal.judge: no model '\(name)'; there are \(list)"
                )
                continue
            }
            let own = models.first { $0.name == agent.model }
            guard own?.isSame(as: judge) == true else { continue }
            reader.report(
                line: line,
                "agents.\(agent.name).goal.judge: '\(name)' is the model of the agent itself; name"
                    + " another one"
            )
        }
    }

    /// Checks that agents only name models that there are, and that whoever judges has another one
    /// than whoever makes.
    static func checkUse(
        _ reader: inout YAMLReader,
        _ agents: [AgentConfiguration],
        _ models: [ModelConfiguration]
    ) {
        func line(_ agent: AgentConfiguration, _ key: String) -> Int? {
            reader.root["agents"]?[agent.name.description]?[key]?.line
        }
        checkJudges(&reader, agents, models)
        var known: [(agent: AgentConfiguration, model: ModelConfiguration)] = []
        for agent in agents {
            guard let name = agent.model else { continue }
            guard let model = models.first(where: { $0.name == name }) else {
                let names = models.map(\.name)
                let list = names.isEmpty ? "none" : names.joined(separator: ", ")
                reader.report(
                    line: line(agent, "model"),
                    "agents.\(agent.name).model: no model '\(name)'; there are \(list)"
                )
                continue
            }
            guard serves(agent.role) || !agent.command.isEmpty else {
                reader.report(
                    line: line(agent, "model"),
                    "agents.\(agent.name).model: \(agent.role.rawValue)s are code; a researcher or"
                        + " a verifier can have a model"
                )
                continue
            }
            known.append((agent, model))
        }
        for checker in known where checker.agent.role == .verifier {
            let maker = known.first {
                $0.agent.role != .verifier && $0.model.isSame(as: checker.model)
            }
            guard let maker else { continue }
            reader.report(
                line: line(checker.agent, "model"),
                "agents.\(checker.agent.name).model: '\(checker.model.name)' is the model of"
                    + " \(maker.agent.name), whose work it would judge; name another one"
            )
        }
    }
}
