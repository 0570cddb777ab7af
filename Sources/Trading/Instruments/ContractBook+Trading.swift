// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Quant

extension ContractBook {
    /// The contracts as a backtest asks for them, by symbol.
    public var traded: [Symbol: any TradedContract] {
        var contracts: [Symbol: any TradedContract] = [:]
        for instrument in instruments {
            guard let symbol = Symbol(instrument.description), let contract = traded(instrument)
            else { continue }
            contracts[symbol] = contract
        }
        return contracts
    }

    /// Refuses a bar whose limits are no prices of its contract, since none would ever reach them.
    /// - Throws: A ``TradingError`` with code `offGrid`.
    public func requireLimitsOnGrid(_ bar: Bar) throws(TradingError) {
        guard let day = bar.day else { return }
        let instrument = try InstrumentID(bar.symbol.description)
        let date = bar.time.date
        guard let grid = terms(of: instrument, on: date)?.contract?.terms.grid else { return }
        for (name, limit) in [("limit_up", day.limitUp), ("limit_down", day.limitDown)] {
            guard let limit else { continue }
            let exact = Decimal8(exactly: limit)
            if let exact, grid.allows(exact) { continue }
            throw TradingError(
                .offGrid,
                "trade \(instrument) on \(date)",
                "its \(name) \(exact.map { "\($0)" } ?? "\(limit)") is no price of it; prices are "
                    + "multiples of \(grid.step(at: exact ?? .zero))"
            )
        }
    }

    /// One contract as a backtest asks for it; nil for what is none.
    func traded(_ instrument: InstrumentID) -> (any TradedContract)? {
        firstTerms(of: instrument).map { PaperContract(instrument, self, first: $0) }
    }

    /// The book from which contracts were made; an empty one when there are none.
    init(of contracts: [Symbol: any TradedContract]) {
        self = contracts.values.lazy.compactMap { ($0 as? PaperContract)?.book }.first ?? .empty
    }
}
