// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Which signals wait for which agent, and how far each agent has read.
struct Mailroom {
    private let agents: [AgentConfiguration]
    private var waiting: [AgentName: [Signal]] = [:]
    /// The newest turn commit of each agent that has had a turn.
    private var heads: [AgentName: ObjectID] = [:]

    init(agents: [AgentConfiguration]) {
        self.agents = agents
    }

    /// The agents for whom something waits, sorted by name.
    var addressees: [AgentName] {
        agents.map(\.name).filter { waiting[$0]?.isEmpty == false }
    }

    /// Notes the newest commit of an agent without anything to deliver.
    mutating func setHead(of agent: AgentName, to commit: ObjectID) {
        heads[agent] = commit
    }

    /// Takes in what a turn said and hands it to the subscribers.
    mutating func post(_ signals: [Signal], from agent: AgentName, commit: ObjectID) {
        heads[agent] = commit
        for reader in agents where reader.name != agent && !reader.restsInReplay {
            let wanted = signals.filter { reader.topics.contains($0.topic) }
            waiting[reader.name, default: []] += wanted
        }
    }

    /// Takes out everything that waits for an agent, oldest first.
    mutating func collect(for agent: AgentName) -> [Signal] {
        waiting.removeValue(forKey: agent) ?? []
    }

    /// What an agent will have read once it has worked on everything that waits, by branch.
    func frontiers(of reader: AgentConfiguration) -> [TurnRecord.Frontier] {
        agents.compactMap { writer in
            guard writer.name != reader.name, let head = heads[writer.name] else { return nil }
            guard writer.role.topics.contains(where: reader.topics.contains) else { return nil }
            return .init(branch: writer.name.branch, commit: head.description)
        }
    }
}
