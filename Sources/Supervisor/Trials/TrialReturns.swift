// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// The returns of trials as verifiers have computed them, read from their branches.
public struct TrialReturns {
    /// A line `trial,week,return` for each week; weeks begin on Monday.
    public let csv: String

    /// Reads the branches of a desk's verifiers; of a trial that was computed twice, the last.
    /// - Throws: A `GitError` or a `DeskError` when a branch cannot be read.
    public init(_ desk: OpenDesk) throws {
        var records: [String: JSON] = [:]
        for agent in desk.configuration.agents where agent.role.topics.contains(.trials) {
            guard let head = try desk.repository.reference(agent.name.reference) else { continue }
            let reader = SignalReader(repository: desk.repository)
            try reader.forEach(.trials, of: agent.name, at: head) { signal in
                for element in signal.body["records"]?.arrayValue ?? [] {
                    guard let trial = element["trial"]?.stringValue else { continue }
                    records[trial] = element["record"]?["identity"]?["weeks"]
                }
            }
        }
        var lines = ["trial,week,return"]
        for (trial, weeks) in records.sorted(by: { $0.key < $1.key }) {
            let first = weeks["first"]?.intValue ?? 0
            for (place, step) in (weeks["steps"]?.arrayValue ?? []).enumerated() {
                // Week 0 holds 1 January 1970, a Thursday.
                let monday = CalendarDate(daysSinceEpoch: 7 * (first + place) - 3)
                let value = Decimal8(units: Int64(step.intValue ?? 0))
                lines.append("\(trial),\(monday),\(value)")
            }
        }
        csv = lines.joined(separator: "\n") + "\n"
    }
}
