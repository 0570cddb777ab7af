// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The account as the gateway reports it: what is settled, and the state that earlier rounds left.
public struct AccountReport: Sendable, Hashable {
    /// The last settled session; nil before the first.
    public let time: Instant?
    /// The cash.
    public let cash: Money
    /// Cash and what the lots are worth at the last close.
    public let equity: Money
    /// The highest equity at any close.
    public let peak: Money
    /// How far the equity lies below the peak, as a fraction of that.
    public let drawdown: Decimal8
    /// What the desk may do.
    public let state: TradingState
    /// The open lots in the order of their entries' ids.
    public let lots: [LotReport]
    /// The positions in the order of their instruments.
    public let positions: [Position]
    /// What the lots are worth, short ones counted as positive.
    public let grossExposure: Money
    /// The cash that no lot binds; below zero when margins are missing.
    public let freeCash: Money
    /// The share of equity that one signal may lose at its stop.
    public let signalRisk: Decimal8

    /// That share where nobody says.
    public static let usualRisk = Decimal8(units: Decimal8.scale / 50)

    /// Reports the account of an exchange as a client at this stamp may see it.
    ///
    /// The state is that of the exchange, unless another is given.
    public init(
        _ exchange: PaperExchange,
        at stamp: Stamp,
        state: TradingState? = nil,
        signalRisk: Decimal8 = Self.usualRisk
    ) {
        let account = exchange.book.account
        time = exchange.book.settledThrough
        cash = account.cash
        equity = account.equity
        peak = account.peak
        drawdown = account.drawdown
        self.state = state ?? exchange.state(before: stamp)
        lots = account.sortedLots.map { LotReport($0) }
        positions = account.positions
        grossExposure = account.grossExposure
        freeCash = account.freeCash
        self.signalRisk = signalRisk
    }

    /// Reads a report.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        time = try reader.optionalInstant("time")
        cash = try reader.money("cash")
        equity = try reader.money("equity")
        peak = try reader.money("peak")
        drawdown = try reader.decimal("drawdown")
        state = try reader.word("state")
        var lots: [LotReport] = []
        for lot in try reader.objects("lots") { lots.append(try LotReport(lot)) }
        self.lots = lots
        var positions: [Position] = []
        for position in try reader.objects("positions") {
            positions.append(
                Position(
                    instrument: try InstrumentID(try position.text("instrument")),
                    quantity: try position.decimal("quantity"),
                    worth: try position.money("worth")
                )
            )
        }
        self.positions = positions
        grossExposure = try reader.money("grossExposure")
        freeCash = try reader.money("freeCash")
        signalRisk = try reader.decimal("signalRisk")
    }

    /// The report as it travels.
    public var json: JSON {
        [
            "time": .quoted(time),
            "cash": .quoted(cash),
            "equity": .quoted(equity),
            "peak": .quoted(peak),
            "drawdown": .quoted(drawdown),
            "state": .string(state.rawValue),
            "lots": .array(lots.map(\.json)),
            "positions": .array(
                positions.map { position in
                    [
                        "instrument": .quoted(position.instrument),
                        "quantity": .quoted(position.quantity),
                        "worth": .quoted(position.worth),
                    ]
                }
            ),
            "grossExposure": .quoted(grossExposure),
            "freeCash": .quoted(freeCash),
            "signalRisk": .quoted(signalRisk),
        ]
    }
}
