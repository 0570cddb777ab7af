// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Rows in the order in which they become known.
struct FeedSchedule: Sendable {
    let instants: [Instant]
    /// The first row of each instant, and the number of rows behind the last.
    private let offsets: [Int]
    private let rows: [FeedRow]

    /// Takes rows sorted by their instants.
    init(_ arrivals: [(instant: Instant, row: FeedRow)]) {
        var instants: [Instant] = []
        var offsets: [Int] = []
        for (index, arrival) in arrivals.enumerated() where instants.last != arrival.instant {
            instants.append(arrival.instant)
            offsets.append(index)
        }
        self.instants = instants
        self.offsets = offsets + [arrivals.count]
        rows = arrivals.map(\.row)
    }

    var symbols: [Symbol] {
        Set(rows.compactMap(\.acceptedBar?.symbol)).sorted()
    }

    func rows(at instant: Instant) -> [FeedRow] {
        let index = instants.lowerBound { $0 < instant }
        guard index < instants.count, instants[index] == instant else { return [] }
        return Array(rows[offsets[index]..<offsets[index + 1]])
    }
}
