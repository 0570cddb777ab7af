// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Supervisor

/// What `verify` is told of other trials by a person, and by the desks in which it is run.
struct VerifiedTrials {
    let facts: TrialFacts
    /// The ideas that have had their look at what lies behind the seal.
    let looked: [TrialIdentity]

    /// Puts together what a person says and what desks have counted.
    ///
    /// A desk knows better: the number is the greater of the two, and the desk's trials are run on
    /// the bars to see how they are related.
    init(
        _ subject: GateSubject,
        told: TrialFacts,
        id: ContentHash,
        desks: [DeskLedger],
        history: [BarSeries],
        seal: Instant,
        terms: GateTerms
    ) {
        guard !desks.isEmpty else {
            facts = told
            looked = []
            return
        }
        var records: [ContentHash: TrialRecord] = [:]
        var count = 0
        var families: Set<String> = [subject.family]
        var looks: Set<ContentHash> = []
        // What cannot be run on these bars counts all the same.
        let own = try? TrialRecord(subject, history: history, seal: seal, terms: terms)
        for book in desks.map(\.book) {
            count += book.count
            families.formUnion(book.trials.map(\.family))
            looks.formUnion(book.looks.filter { $0.through > seal.date }.map(\.trial))
            let strategies = book.trials.suffix(TrialExcerpt.strategyLimit)
            for (trial, record) in Self.run(Array(strategies), history, seal, terms) {
                records[trial.id] = record
            }
        }
        if let own { records[id] = own }
        looked = looks.sorted().compactMap { records[$0]?.identity }
        let known = records.sorted { $0.key < $1.key }.map(\.value)
        let counted = TrialCensus(known).facts(judging: own)
        facts = TrialFacts(
            trials: max(told.trials, counted.trials + max(0, count - known.count)),
            families: max(told.families, families.count),
            variance: told.variance ?? counted.variance,
            meanCorrelation: counted.meanCorrelation
        )
    }

    /// The records of trials that can be run on the bars.
    private static func run(
        _ trials: [Trial],
        _ history: [BarSeries],
        _ seal: Instant,
        _ terms: GateTerms
    ) -> [(Trial, TrialRecord)] {
        let records = Parallel.allCores.map(trials.count) { place -> TrialRecord? in
            // As above.
            guard let strategy = try? Strategy(trials[place].strategy) else { return nil }
            // As above.
            return try? TrialRecord(
                .strategy(strategy),
                history: history,
                seal: seal,
                terms: terms
            )
        }
        return zip(trials, records).compactMap { trial, record in record.map { (trial, $0) } }
    }
}
