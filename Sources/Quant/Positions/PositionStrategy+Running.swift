// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension PositionStrategy {
    /// Runs a program on bars: takes its words and its input, and gives its output.
    public typealias Program = ([String], [UInt8]) throws -> [UInt8]

    /// The number of shorter histories on which a program is run again.
    public static let lookAheadCuts = 3

    /// Runs the program over the whole history, checks it for look-ahead and simulates what it
    /// wants.
    ///
    /// The check runs the program again on the first quarter, half and three quarters of the
    /// instants. What it then wants at those bars must be what it wanted with all bars.
    /// - Throws: A ``QuantError``: `noData`, `badRow` for output that cannot be read, `badStrategy`
    ///   for a program that looks ahead, `badParameter`; and what the program's runner throws.
    public func run(
        history: [BarSeries],
        window: (from: Instant, through: Instant)? = nil,
        costs: Costs? = nil,
        capital: Double = 100_000,
        periodsPerYear: Double = 252,
        riskFree: Double = 0,
        program: Program
    ) throws -> BacktestResult {
        guard capital > 0, capital.isFinite, periodsPerYear > 0 else {
            throw Self.error(.badParameter, "the capital and the periods must be above 0")
        }
        let costs = costs ?? self.costs ?? .none
        guard costs.execution == .immediate else {
            throw Self.error(
                .badParameter,
                "the positions of a program are filled as a whole at the next open: take out"
                    + " \(costs.execution.members.map(\.name).joined(separator: ", "))"
            )
        }
        let legs = try universe.map { symbol in
            guard let series = history.first(where: { $0.symbol == symbol }) else {
                throw Self.error(.noData, "the history has no series of \(symbol)")
            }
            return series
        }
        let all = Self.instants(of: legs)
        let table = try positions(legs, program)
        try check(table, legs, all, program)
        let times = all.filter { time in
            window.map { $0.from <= time && time <= $0.through } ?? true
        }
        guard let first = times.first else {
            throw Self.error(.noData, "there are no bars in the window")
        }
        var simulation = PositionSimulation(
            self,
            table: table,
            history: legs,
            costs: costs,
            capital: capital,
            from: first
        )
        simulation.run(times)
        return simulation.result(times, periodsPerYear: periodsPerYear, riskFree: riskFree)
    }

    func positions(_ legs: [BarSeries], _ program: Program) throws -> PositionTable {
        let output = try program(arguments, Self.input(of: legs))
        return try PositionTable(output, history: legs, measure: measure)
    }

    private func check(
        _ table: PositionTable,
        _ legs: [BarSeries],
        _ times: [Instant],
        _ program: Program
    ) throws {
        for cut in 1..<(Self.lookAheadCuts + 1) {
            let count = times.count * cut / (Self.lookAheadCuts + 1)
            guard count > 0 else { continue }
            let last = times[count - 1]
            let known = legs.map { $0[0..<$0.firstIndex(after: last)] }
            let earlier = try positions(known, program)
            guard let place = table.firstDifference(from: earlier) else { continue }
            let (leg, index) = place
            throw Self.error(
                .badStrategy,
                "strategy.command: the program looks ahead: at \(legs[leg].times[index]) it wants"
                    + " \(BarCSV.text(of: earlier.wanted[leg][index])) of \(legs[leg].symbol)"
                    + " when it knows the bars through \(last), and"
                    + " \(BarCSV.text(of: table.wanted[leg][index])) when it knows later ones"
            )
        }
    }

    /// The bars in order of time and symbol.
    private static func input(of legs: [BarSeries]) -> [UInt8] {
        guard legs.count > 1 else { return BarCSV.bytes(of: legs) }
        var bars = legs.flatMap(\.bars)
        bars.sort { ($0.time, $0.symbol) < ($1.time, $1.symbol) }
        return BarCSV.bytes(of: bars)
    }

    private static func instants(of legs: [BarSeries]) -> [Instant] {
        guard legs.count > 1 else { return legs.first?.times.array ?? [] }
        var result: [Instant] = []
        for time in legs.flatMap(\.times.array).sorted() where result.last != time {
            result.append(time)
        }
        return result
    }

    private static func error(_ code: QuantError.Code, _ reason: String) -> QuantError {
        QuantError(code, operation: "run program", reason: reason)
    }
}
