// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Expressions
import Quant

/// What the verifier finds out about an intent from its own memory, calendars and bars.
struct IntentFacts {
    /// The strategy, if the verifier has ever approved it.
    let strategy: Strategy?
    let side: String
    /// The fraction of equity that the position would take.
    let fraction: Double
    /// Today's close; nil when the symbol has no bar today.
    let close: Double?
    /// How much better than the close an entry must be, as a fraction of it; nil for nothing.
    let limit: Double?
    /// How far from the entry's price the loss is taken, as a fraction; nil for nowhere.
    let stop: Double?
    /// As ``stop``, for the gain.
    let target: Double?
    /// The names that rules for an intent may read.
    let bindings: Bindings

    init(
        _ intent: IntentClaim,
        _ memory: VerifierMemory,
        market: any MarketAccess,
        terms: Verifier.Terms,
        time: Instant
    ) throws {
        let approval = try intent.hash.flatMap { try memory.approval(of: $0) }
        let isApproved = approval.map { $0.until >= time.date } ?? false
        let strategy = approval?.strategy
        let series = try market.history().first { $0.symbol == intent.symbol }
        let today = series.flatMap { $0.times.last?.date == time.date ? $0 : nil }
        var isReproduced = false
        var levels = (limit: strategy?.limit, stop: strategy?.stop, target: strategy?.target)
        if let strategy, let today {
            let prepared = try PreparedStrategy(
                strategy,
                history: strategy.history(from: try market.history())
            )
            let decisions = prepared.decisions(of: today.symbol)
            levels = Self.levels(strategy, prepared, today)
            // A strategy whose approval has run out may always be left.
            isReproduced =
                intent.isEntry
                ? decisions?.enter.last ?? false : decisions?.exit.last ?? false || !isApproved
        }
        let fraction = strategy?.size ?? 0
        // An exit takes nothing, so that a tighter limit never locks a position in.
        let taken = intent.isEntry ? fraction : 0
        let name = intent.symbol?.description ?? ""
        // A symbol that no sector claims is a sector of its own.
        let sector = terms.sectors[name] ?? name
        let members = Set(terms.sectors.filter { $0.value == sector }.map(\.key) + [name])
        var values: [String: Value] = [
            "action": .string(intent.action),
            "symbol": .string(name),
            "side": .string(strategy?.side.rawValue ?? ""),
            "family": .string(strategy?.family ?? ""),
            "is_approved": .bool(isApproved),
            "is_reproduced": .bool(isReproduced),
            "position_fraction": .double(taken),
            "calendar": Self.calendar(name, terms, time),
            "sector": .string(sector),
            "sector_exposure": .double(
                (memory.exposure(of: members) + (Decimal8(rounding: taken) ?? .zero)).doubleValue
            ),
        ]
        if let today, let context = BarContext(today, at: today.count - 1) {
            values["context"] = Value(context.json)
        }
        self.strategy = strategy
        side = strategy?.side.rawValue ?? "long"
        self.fraction = fraction
        close = today?.close.last
        (limit, stop, target) = levels
        bindings = Bindings(values)
    }

    /// Limit, stop and target as fractions of the last close, those by distance as well.
    private static func levels(
        _ strategy: Strategy,
        _ prepared: PreparedStrategy,
        _ series: BarSeries
    ) -> (limit: Double?, stop: Double?, target: Double?) {
        let distances = prepared.lastDistances(of: series.symbol)
        func share(_ distance: Double?) -> Double? {
            distance.flatMap { distance in series.close.last.map { distance / $0 } }
        }
        return (
            strategy.limit ?? share(distances.limit), strategy.stop ?? share(distances.stop),
            strategy.target ?? share(distances.target)
        )
    }

    /// What is known of the session in which the order would be filled.
    ///
    /// Earnings that no calendar knows leave their name out, and rules must say what that means.
    private static func calendar(
        _ symbol: String,
        _ terms: Verifier.Terms,
        _ time: Instant
    ) -> Value {
        let session = time.date.nextWeekday
        var members: [(String, Value)] = [("is_fomc", .bool(terms.fomc.contains(session)))]
        let before = CalendarDate(daysSinceEpoch: session.daysSinceEpoch - 1)
        if let next = terms.earnings.next(after: before, label: symbol) {
            let days = next.date.daysSinceEpoch - session.daysSinceEpoch
            if let span = TimeSpan(seconds: Int64(days) * 86_400) {
                members.append(("earnings_in", .duration(span)))
            }
        }
        return .map(ValueMap(members))
    }
}
