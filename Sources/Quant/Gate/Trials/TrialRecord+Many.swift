// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension TrialRecord {
    /// The strategies whose decisions are kept at once.
    private static let chunkSize = 32

    /// Tries strategies of one universe on the bars through the seal; what they have in common is
    /// computed once.
    /// - Throws: A ``QuantError`` when bars are missing or a strategy cannot be evaluated, and
    ///   `badParameter` for strategies of several universes or frames.
    public static func records(
        of strategies: [Strategy],
        history: [BarSeries],
        seal: Instant,
        terms: GateTerms = GateTerms()
    ) throws(QuantError) -> [TrialRecord] {
        guard let first = strategies.first else { return [] }
        let isOne = strategies.allSatisfy {
            $0.universe == first.universe && $0.frames == first.frames
        }
        guard isOne else {
            throw QuantError(
                .badParameter,
                operation: "try strategies",
                reason: "they differ in their universe or their frames; try them one by one"
            )
        }
        let series = try GateSubject.strategy(first).series(in: history).map { series in
            series[0..<series.firstIndex(after: seal)]
        }
        let times = PreparedStrategy.union(series.map(\.times.array))
        guard !times.isEmpty else {
            throw QuantError(
                .noData,
                operation: "try strategies",
                reason: "there are no bars before the seal"
            )
        }
        var records: [TrialRecord] = []
        for start in stride(from: 0, to: strategies.count, by: chunkSize) {
            let chunk = Array(strategies[start..<min(start + chunkSize, strategies.count)])
            let tables = GateSubject.tables(
                of: chunk,
                on: series,
                times: times,
                dialect: terms.dialect
            )
            for (strategy, table) in zip(chunk, tables) {
                let subject = GateSubject.strategy(strategy)
                let result = try table.get().run(costs: terms.costs(of: subject), terms: terms)
                records.append(TrialRecord(subject, result))
            }
        }
        return records
    }
}
