// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Quant

/// Takes the feed's rows of one instant, refuses bad ones by name, and says the rest.
public struct Ingestor: AgentTurn {
    private let feed: any MarketFeed
    private let symbols: Set<String>
    private let market: any MarketAccess
    private let recentBars: Int

    /// Reads those rows of a feed that belong to the desk's instruments, or to none that is known.
    ///
    /// The bars said before are taken from the market, as many as others are shown.
    public init(
        feed: any MarketFeed,
        symbols: [String],
        market: any MarketAccess,
        recentBars: Int
    ) {
        self.feed = feed
        self.symbols = Set(symbols)
        self.market = market
        self.recentBars = recentBars
    }

    /// Says `bars` for the turn's instant.
    public func turn(_ input: TurnInput) throws -> TurnOutput {
        let rows = feed.bars(at: input.time).filter { row in
            guard let name = row.bar?.symbol.description ?? row.faults.first?.symbol else {
                return true
            }
            // What is no symbol at all belongs to nobody, and is refused rather than ignored.
            return symbols.contains(name) || Symbol(name) == nil
        }
        let bars = rows.compactMap(\.acceptedBar)
        let faults = rows.flatMap(\.faults)
        let refused = faults.filter { !$0.kind.isWarning }
        // One row may have several faults.
        let lost = rows.count { $0.acceptedBar == nil }
        let previous = input.state["chain"]?.stringValue ?? ""
        let chain = ContentHash(of: Array(previous.utf8) + BarCSV.bytes(of: bars))
        let total = (input.state["rows"]?.intValue ?? 0) + bars.count
        var output = TurnOutput(state: input.state, summary: "")
        output.summary = Self.summary(bars, refused, lost, input)
        output.state["chain"] = .string(chain.description)
        output.state["rows"] = .int(Int64(total))
        output.state["refused"] = .int(
            Int64((input.state["refused"]?.intValue ?? 0) + lost)
        )
        output.say(
            .bars,
            [
                "time": .string(input.time.description),
                "bars": .array(bars.map(Self.json)),
                "refused": .array(refused.map(Self.json)),
                "noted": .array(faults.filter(\.kind.isWarning).map(Self.json)),
                "snapshot": [
                    "rows": .int(Int64(total)), "chain": .string(chain.description),
                    "file": .string(LatestBars.file),
                    "hash": try latestHash(with: bars).map { .string($0.description) } ?? .null,
                ],
            ]
        )
        return output
    }

    /// The hash of the file of last bars as it is once these are among them.
    private func latestHash(with bars: [Bar]) throws -> ContentHash? {
        var latest = LatestBars(limit: recentBars, from: try market.recent())
        latest.record(bars)
        return try latest.parquet().map { ContentHash(of: $0) }
    }

    private static func summary(
        _ bars: [Bar],
        _ refused: [BarFault],
        _ lost: Int,
        _ input: TurnInput
    ) -> String {
        let moves = bars.map { "\($0.symbol) \(rounded($0.close, 2))" }.joined(separator: " ")
        let note = refused.first.map { "; refused \(lost): \($0.kind.rawValue), \($0)" } ?? ""
        return bars.isEmpty
            ? "bars: none at \(input.time)\(note)" : "bars \(input.time.date): \(moves)\(note)"
    }

    private static func json(_ bar: Bar) -> JSON {
        let members: [JSON.Member] = [
            JSON.Member("symbol", .string(bar.symbol.description)),
            JSON.Member("time", .string(bar.time.description)),
            JSON.Member("open", .double(bar.open)), JSON.Member("high", .double(bar.high)),
            JSON.Member("low", .double(bar.low)), JSON.Member("close", .double(bar.close)),
            JSON.Member("volume", .double(bar.volume)),
        ]
        guard let day = bar.day else { return .object(members) }
        let told = day.named.map { name, price in
            JSON.Member(name, price.map { .double($0) } ?? .null)
        }
        return .object(members + told)
    }

    private static func json(_ fault: BarFault) -> JSON {
        [
            "kind": .string(fault.kind.rawValue),
            "symbol": fault.symbol.map { .string($0) } ?? .null,
            "line": fault.line.map { .int(Int64($0)) } ?? .null,
            "reason": .string(fault.description),
        ]
    }
}

/// A number with so many decimals, for summaries that people read.
func rounded(_ value: Double, _ places: Int) -> String {
    guard let exact = Decimal8(rounding: value) else { return "\(value)" }
    let text = exact.rounded(places: places).description
    let decimals = text.split(separator: ".").dropFirst().first?.count ?? 0
    let zeros = String(repeating: "0", count: max(0, places - decimals))
    return decimals == 0 && places > 0 ? "\(text).\(zeros)" : text + zeros
}
