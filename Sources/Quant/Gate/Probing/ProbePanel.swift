// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// A fixed panel of one strategy's perturbations, on the bars before the seal.
///
/// Neighbours have one number changed a little; where there are too few of them, or they decide
/// the same, entries and exits that are a few bars late take their place. Rotations are the
/// strategy's own decisions at other times. A panel of neighbours alone would tell nothing about
/// overfitting: where all are equally good, the best of them is followed by any of them. So the
/// rotations are what the strategy has to stay ahead of, and its neighbours have to do so as well.
struct ProbePanel {
    /// The strategy itself, then its neighbours.
    let neighbours: [DecisionTable]
    /// What the neighbours were made of, for people.
    let description: String
    /// The decisions at other times.
    let rotations: [DecisionTable]

    /// Makes the panel.
    /// - Throws: What running a program throws.
    init(_ subject: GateSubject, _ table: DecisionTable, terms: GateTerms) throws {
        let wanted = terms.thresholds.neighbours
        var numbers: [DecisionTable] = []
        for neighbour in try Self.asked(subject, table, terms, most: 2 * wanted)
        where numbers.count < wanted {
            let last = table.times.last ?? Instant(nanosecondsSinceEpoch: .max)
            if neighbour.differences(from: table, through: last).bars > 0
                || !neighbour.hasRules(of: table)
            {
                numbers.append(neighbour)
            }
        }
        let late = Self.late(table).prefix(wanted - numbers.count)
        neighbours = [table] + numbers + late
        description = "\(numbers.count) with other numbers, \(late.count) with other timing"
        let count = terms.thresholds.rotations
        rotations = (1..<(count + 1)).map { table.rotated(by: Double($0) / Double(count + 1)) }
    }

    /// The neighbours with other numbers; those that cannot be evaluated are left out.
    private static func asked(
        _ subject: GateSubject,
        _ table: DecisionTable,
        _ terms: GateTerms,
        most: Int
    ) throws -> [DecisionTable] {
        switch subject {
        case .strategy(let strategy):
            let strategies = StrategyNeighbours.of(strategy, most: most)
            guard !strategies.isEmpty else { return [] }
            let tables = GateSubject.tables(
                of: strategies,
                on: table.series,
                times: table.times,
                dialect: terms.dialect
            )
            return tables.compactMap { result in
                guard case .success(let table) = result else { return nil }
                return table
            }
        case .program(let program, let run):
            // Each neighbour is a run of the program, so no more are asked for than are used.
            return try StrategyNeighbours.of(program, most: most / 2).map { neighbour in
                let subject = GateSubject.program(neighbour, run: run)
                return try subject.table(on: table.series, dialect: terms.dialect)
            }
        }
    }

    private static func late(_ table: DecisionTable) -> [DecisionTable] {
        switch table.content {
        case .signals:
            [(1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2), (2, 2)].map {
                table.late(enter: $0.0, exit: $0.1)
            }
        case .positions:
            (1..<4).map { table.late(enter: $0, exit: $0) }
                + (2..<5).map { table.patient(bars: $0) }
                + (1..<3).map { table.late(enter: $0, exit: $0).patient(bars: 2) }
        }
    }
}

extension DecisionTable {
    /// Whether positions are sized and left by the same numbers.
    fileprivate func hasRules(of other: DecisionTable) -> Bool {
        guard case .signals(_, _, let own) = content,
            case .signals(_, _, let others) = other.content
        else { return true }
        return own == others
    }
}
