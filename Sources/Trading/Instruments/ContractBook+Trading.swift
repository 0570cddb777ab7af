// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

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

    /// One contract as a backtest asks for it; nil for what is none.
    func traded(_ instrument: InstrumentID) -> (any TradedContract)? {
        firstTerms(of: instrument).map { PaperContract(instrument, self, first: $0) }
    }

    /// The book from which contracts were made; an empty one when there are none.
    init(of contracts: [Symbol: any TradedContract]) {
        self = contracts.values.lazy.compactMap { ($0 as? PaperContract)?.book }.first ?? .empty
    }
}
