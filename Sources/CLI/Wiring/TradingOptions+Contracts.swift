// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Quant
import Trading

extension TradingOptions {
    /// What it costs to trade symbols over their bars: the strategy's own costs unless others were
    /// asked for, and the terms of contracts from the tables.
    ///
    /// A fee that the strategy states or a person asks for stands in place of the tables'.
    /// - Parameters:
    ///   - costs: What the strategy says.
    ///   - series: The bars.
    ///   - universe: The symbols that are traded.
    ///   - first: The first instant that is traded; nil for the first of all.
    /// - Returns: The costs.
    /// - Throws: A `TradingError` for a contract that the tables do not know on its days.
    func costs(
        insteadOf costs: Costs?,
        over series: [BarSeries],
        of universe: [Symbol],
        from first: Instant? = nil
    ) throws -> Costs {
        let plain = self.costs(insteadOf: costs)
        var book = try ContractBook(
            self.plain ? [] : universe.map(\.description),
            holding: .init(slippageTicks: slippageTicks)
        )
        guard !book.isEmpty else {
            guard slippageTicks == 0 else {
                throw ValidationError(
                    "--slippage-ticks is for contracts, and there is none among the symbols; "
                        + "--slippage is for all."
                )
            }
            return plain
        }
        try book.requireInForce(try Self.days(of: series, from: first))
        for bars in series where bars.days != nil {
            for bar in bars.bars { try book.requireLimitsOnGrid(bar) }
        }
        if fee != nil || plain.feeRate > 0 || plain.feePerUnit > 0 {
            let stated = Fee(
                rate: try exact("fee", plain.feeRate),
                perLot: try exact("fee per unit", plain.feePerUnit)
            )
            book = book.charging { _ in stated }
        }
        return Costs(
            feeRate: plain.feeRate,
            slippageRate: plain.slippageRate,
            feePerUnit: plain.feePerUnit,
            contracts: book.traded,
            execution: plain.execution
        )
    }

    private static func days(
        of series: [BarSeries],
        from first: Instant?
    ) throws -> [InstrumentID: ClosedRange<CalendarDate>] {
        var days: [InstrumentID: ClosedRange<CalendarDate>] = [:]
        for bars in series {
            guard let start = bars.times.first, let end = bars.times.last else { continue }
            let traded = max(start, first ?? start)
            guard traded <= end else { continue }
            days[try InstrumentID(bars.symbol.description)] = traded.date...end.date
        }
        return days
    }

    private func exact(_ name: String, _ value: Double) throws -> Decimal8 {
        guard let number = Decimal8(rounding: value) else {
            throw Failure("the \(name) \(value) is too large", .badData)
        }
        return number
    }
}

extension Costs {
    /// Refuses contracts, and fills in parts or later, for a strategy that is a program, whose
    /// positions change bit by bit.
    func requirePlain() throws {
        guard execution == .immediate else {
            let names = execution.members.map(\.name).joined(separator: ", ")
            throw Failure(
                "the positions of a program are filled as a whole at the next open: take out "
                    + names,
                .badData
            )
        }
        guard let contract = contracts.keys.min() else { return }
        throw Failure(
            "a program does not trade contracts such as \(contract) by their terms; --plain takes "
                + "them as units at the program's own multiplier and costs",
            .badData
        )
    }
}
