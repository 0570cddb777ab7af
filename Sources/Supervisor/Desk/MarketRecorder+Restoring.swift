// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

extension MarketRecorder {
    /// Builds the views again from the ingestor's branch.
    /// - Returns: The instant of the last bars; nil when there are none.
    @discardableResult
    func restore(_ desk: OpenDesk, branches: [AgentName: AgentBranch]) throws -> Instant? {
        try restart()
        var newest: Instant?
        for agent in desk.configuration.agents where agent.role == .ingestor {
            guard let head = branches[agent.name]?.head else { continue }
            let reader = SignalReader(repository: desk.repository)
            var last: Int?
            try reader.forEachFile(.bars, of: agent.name, at: head) { signal, _, turn in
                try record(signal.body)
                last = turn
                return true
            }
            // Agents that run every bar are shown the market before the ingestor speaks again.
            guard let last,
                let entry = try TurnLog(desk).newest(of: agent.name, through: last)
            else { continue }
            try publish(at: entry.record.time)
            newest = entry.record.time
        }
        return newest
    }
}
