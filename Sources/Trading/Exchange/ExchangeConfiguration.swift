// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Quant

/// What the paper exchange starts with, charges and allows.
public struct ExchangeConfiguration: Sendable, Hashable {
    /// The largest capital and the largest sum of all that an account holds and may come to hold.
    public static let largestAccount = Decimal8(20_000_000_000)

    /// The cash at the start, at least one unit of the currency.
    public let capital: Money
    /// The fee on each side, as a fraction of the notional.
    public let feeRate: Decimal8
    /// The price given away on each market fill, as a fraction of the price.
    public let slippageRate: Decimal8
    /// Whether entries may sell what is not held.
    public let allowsShortSales: Bool
    /// The sessions without a price after which an entry expires.
    public let waitingLimit: Int
    /// The terms of instruments whose lots are not single units at ``feeRate``.
    public let terms: [InstrumentID: ContractTerms]
    /// The contracts on margin, whose terms are those of the tables.
    public let contracts: ContractBook
    /// Whether a fill at a target is worse by the slippage as well, as a backtest has it.
    public let slipsTargets: Bool
    /// Whether an entry that the cash does not pay is filled nevertheless, as a backtest has it.
    public let lendsCash: Bool
    /// How much of an order is filled in a session, how late, and at what impact.
    public let execution: Execution

    /// Checks a configuration.
    /// - Throws: A ``TradingError`` with code `invalidConfiguration`.
    public init(
        capital: Money,
        feeRate: Decimal8 = .zero,
        slippageRate: Decimal8 = .zero,
        allowsShortSales: Bool = false,
        waitingLimit: Int = 5,
        terms: [InstrumentID: ContractTerms] = [:],
        contracts: ContractBook = .empty,
        slipsTargets: Bool = false,
        lendsCash: Bool = false,
        execution: Execution = .immediate
    ) throws(TradingError) {
        guard capital.value >= Decimal8(1), capital.value <= Money.largestNotional else {
            throw Self.invalid("the capital lies from 1 to \(Money.largestNotional)")
        }
        let tenth = Decimal8(units: Decimal8.scale / 10)
        for (name, rate) in [("fee", feeRate), ("slippage", slippageRate)] {
            guard !rate.isNegative, rate <= tenth else {
                throw Self.invalid("the \(name) rate lies from 0 to \(tenth)")
            }
        }
        guard (1...10_000).contains(waitingLimit) else {
            throw Self.invalid("the waiting limit lies from 1 to 10000 sessions")
        }
        if let fault = execution.fault { throw Self.invalid(fault) }
        self.execution = execution
        self.capital = capital
        self.feeRate = feeRate
        self.slippageRate = slippageRate
        self.allowsShortSales = allowsShortSales
        self.waitingLimit = waitingLimit
        self.terms = terms
        self.contracts = contracts
        self.slipsTargets = slipsTargets
        self.lendsCash = lendsCash
    }

    /// What one lot of an instrument that is paid in full is and costs.
    public func terms(of instrument: InstrumentID) -> ContractTerms {
        terms[instrument] ?? ContractTerms(fee: Fee(rate: feeRate))
    }

    /// What one lot of any instrument is and costs in a session that ends at an instant.
    /// - Throws: A ``TradingError`` with code `notInForce` for a contract on a day that the tables
    ///   do not know.
    public func terms(
        of instrument: InstrumentID,
        at time: Instant
    ) throws(TradingError) -> ContractTerms {
        try contracts.session(of: instrument, endingAt: time, after: nil)?.terms
            ?? terms(of: instrument)
    }

    private static func invalid(_ reason: String) -> TradingError {
        TradingError(.invalidConfiguration, "set up the paper exchange", reason)
    }
}
