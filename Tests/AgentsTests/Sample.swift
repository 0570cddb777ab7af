// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

/// A market that shows what it was given.
struct FixedMarket: MarketAccess {
    var past: [BarSeries] = []
    var last: [BarSeries] = []

    func history() throws -> [BarSeries] { past }
    func recent() throws -> [BarSeries] { last }
}

/// Short makers of the values that the tests hand to agents.
enum Sample {
    /// The repository's top folder, found from this file.
    static let root = Folder(
        #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    )

    static let plainSkill = """
        ---
        name: plain
        description: Has no rules.
        ---
        # Plain

        """

    static func instant(_ text: String) throws -> Instant { try #require(Instant(text)) }

    static func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    static func symbol(_ text: String) throws -> Symbol { try #require(Symbol(text)) }

    /// The close of a day's session.
    static func close(_ text: String) throws -> Instant {
        Instant(try date(text), secondOfDay: 75_600)
    }

    /// A skill of the repository, such as `agents/verifier`.
    static func skill(_ folder: String) throws -> Skill {
        try SkillSet.load("\(folder)/SKILL.md", in: root)
    }

    /// A skill with rules for a subject.
    static func skill(_ subject: String, rules: [String]) throws -> Skill {
        let items = rules.map { "- A rule. `\($0)`" }.joined(separator: "\n")
        return try Skill(
            parsing: "\(plainSkill)\n## Rules for \(subject)\n\n\(items)\n",
            file: "skills/plain/SKILL.md"
        )
    }

    static func input(
        _ time: Instant,
        _ inbox: [Signal] = [],
        state: StateFile = StateFile(),
        turn: Int = 1,
        skill: Skill? = nil,
        shared: [Skill] = [],
        requests: [JSON] = []
    ) throws -> TurnInput {
        TurnInput(
            turn: turn,
            time: time,
            inbox: inbox,
            requests: requests,
            state: state,
            skill: try skill ?? Skill(parsing: plainSkill, file: "agents/plain/SKILL.md"),
            sharedSkills: shared
        )
    }

    /// The weekdays that end on a date, oldest first.
    static func weekdays(_ count: Int, through last: CalendarDate) -> [CalendarDate] {
        var dates: [CalendarDate] = []
        var date = last
        while dates.count < count {
            if (1...5).contains(date.weekday) { dates.append(date) }
            date = date.adding(days: -1)
        }
        return dates.reversed()
    }

    /// Daily bars that end on a date; the last close lies so far up its bar's range.
    static func series(
        _ name: String = "AAA",
        through last: String,
        closes: [Double],
        position: Double = 0.5
    ) throws -> BarSeries {
        let symbol = try symbol(name)
        let dates = weekdays(closes.count, through: try date(last))
        var series = BarSeries(symbol: symbol)
        for (index, close) in closes.enumerated() {
            let share = index == closes.count - 1 ? position : 0.5
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(dates[index]),
                    open: close,
                    high: close + 2 * (1 - share),
                    low: close - 2 * share,
                    close: close,
                    volume: Double(1000 + index % 7)
                )
            )
        }
        return series
    }

    /// Closes that move a little around a hundred.
    static func calm(_ count: Int) -> [Double] { (0..<count).map { 100 + Double($0 % 5) / 4 } }

    /// A simulated market of weekdays from 2000-01-03.
    static func simulated(
        _ names: [String] = ["AAA"],
        sessions: Int,
        edge: Double = 0,
        form: PlantedEdge.Form = .reversal,
        seed: UInt64 = 7
    ) throws -> SimulatedFeed {
        SimulatedFeed(
            seed: seed,
            symbols: try names.map { try symbol($0) },
            from: try date("2000-01-03"),
            sessions: sessions,
            edge: PlantedEdge(strength: edge, form: form)
        )
    }

    static func strategy(
        enter: String = "close > 0.0",
        exit: String = "close < 0.0",
        universe: [String] = ["AAA"],
        side: String = "long",
        family: String = "test",
        size: Double = 0.02,
        extra: [JSON.Member] = []
    ) throws -> Strategy {
        try Strategy(
            .object(
                [
                    .init("schema", 1), .init("name", "sample"), .init("family", .string(family)),
                    .init("universe", .array(universe.map { .string($0) })),
                    .init("side", .string(side)), .init("parameters", [:]),
                    .init("features", [:]), .init("enter", .string(enter)),
                    .init("exit", .string(exit)), .init("size", .double(size)),
                ] + extra
            )
        )
    }

    /// The first strategy of a family for one symbol, as the researcher proposes it.
    static func catalogued(_ family: String, _ symbol: String = "AAA") throws -> Strategy {
        let catalog = HypothesisCatalog(families: [family], symbols: [symbol], size: 0.02)
        return try Strategy(try #require(catalog.strategies.first))
    }
}

extension TurnOutput {
    /// Everything that the output says, as bytes.
    var bytes: [UInt8] {
        let drafts = signals.flatMap { Signal.draft($0.topic, $0.body).prettyBytes }
        return drafts + Array(notes.joined().utf8) + state.bytes + Array(summary.utf8)
    }

    /// The bodies of one topic, in order.
    func bodies(_ topic: Topic) -> [JSON] { signals.filter { $0.topic == topic }.map(\.body) }

    /// Checks each signal as the supervisor does.
    func requireWellFormed() throws {
        for signal in signals {
            try SignalSchema.check(signal.topic, signal.body, file: signal.topic.rawValue)
        }
    }
}

extension JSON: ExpressibleByFloatLiteral {
    /// Lets tests write numbers with a point.
    init(floatLiteral value: Double) { self = .double(value) }
}
