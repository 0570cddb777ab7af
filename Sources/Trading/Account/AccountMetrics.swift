// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a trader is told of the account beside its positions: a fold over every close since the
/// beginning, so that a restart changes nothing.
public struct AccountMetrics: Sendable, Hashable {
    /// The sessions of a year by which the Sharpe ratio is made annual.
    public static let periodsPerYear = 252.0
    /// The riskless return of a year that is taken off.
    public static let riskFree = 0.0

    /// The first close; nil before it.
    public private(set) var started: Instant?
    /// The last close; nil before the first.
    public private(set) var time: Instant?
    /// The cash at the beginning.
    public let capital: Money
    /// The equity at the last close.
    public private(set) var accountValue: Money
    private var returns: ReturnSums

    /// Begins with the capital.
    public init(capital: Money) {
        self.capital = capital
        accountValue = capital
        returns = ReturnSums(from: capital)
    }

    /// Takes in the closes that are later than the last one here; they come oldest first.
    public mutating func take(_ points: [EquityPoint]) {
        let known = time
        let new = points.reversed().prefix { point in known.map { point.time > $0 } ?? true }
        for point in new.reversed() {
            started = started ?? point.time
            time = point.time
            accountValue = point.equity
            returns.take(point.equity)
        }
    }

    /// The gain since the beginning as a fraction of the capital.
    public var totalReturn: Decimal8 { (accountValue - capital).value / capital.value }

    /// The annual Sharpe ratio of the returns from close to close, fees taken off.
    public var sharpe: Double? {
        returns.sharpe(periodsPerYear: Self.periodsPerYear, riskFree: Self.riskFree)
    }

    /// The closes so far.
    public var sessions: Int { returns.count }

    /// The whole minutes from the first close to a time; zero before there is one.
    public func minutes(until now: Instant) -> Int {
        guard let started, now > started else { return 0 }
        return Int((now.secondsSinceEpoch - started.secondsSinceEpoch) / 60)
    }

    /// The figures as they travel, with what the account holds and may use at the moment.
    public func json(at now: Instant, of account: Account) -> JSON {
        [
            "time": .quoted(time),
            "started": .quoted(started),
            "minutesSinceStart": .int(Int64(minutes(until: now))),
            "sessions": .int(Int64(sessions)),
            "capital": .quoted(capital),
            "availableCash": .quoted(max(.zero, account.freeCash)),
            "accountValue": .quoted(accountValue),
            "totalReturn": .quoted(totalReturn),
            "sharpe": sharpe.map { .number($0) } ?? .null,
            "sharpePeriodsPerYear": .number(Self.periodsPerYear),
            "sharpeRiskFree": .number(Self.riskFree),
            "positions": .array(
                account.sortedLots.map { lot in
                    lot.json(at: account.marks[lot.instrument] ?? lot.fill.price, in: account)
                }
            ),
        ]
    }
}

extension Lot {
    /// The lot with its plan, what it is worth at a price, and what it has gained, the entry's fee
    /// taken off; on margin also what it binds and where it is liquidated.
    fileprivate func json(at price: Price, in account: Account) -> JSON {
        var value: [JSON.Member] = [
            JSON.Member("currentPrice", .quoted(price)),
            JSON.Member("worth", .quoted(worth(at: price))),
            JSON.Member("unrealizedProfit", .quoted(worth(at: price) + fill.cashChange + funding)),
        ]
        if isMargined {
            let margin = terms.margin(of: Money(worth(at: price).value.magnitude))
            value.append(JSON.Member("margin", .quoted(margin)))
            let liquidation = account.liquidationPrice(of: instrument)
            value.append(JSON.Member("liquidationPrice", .quoted(liquidation)))
        }
        return .object((LotReport(self).json.objectValue ?? []) + value)
    }
}
