// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
import Expressions
public import Quant

/// Works through hypotheses at its own pace, trades the strategies that passed, and turns losses
/// into lessons.
public struct Researcher: AgentTurn {
    let market: any MarketAccess
    private let cadence: Int
    let budget: Int
    /// Where hypotheses come from instead of the catalog; nil for the catalog.
    let source: (any HypothesisSource)?
    /// Who decides which entries are made; nil when strategies do.
    let judge: (any EntryJudge)?
    /// The catalog, each entry with its hash.
    let catalog: [(strategy: Strategy, hash: String)]

    /// The sessions that a strategy needs in sample.
    static let inSampleMinimum = 252
    /// The fraction of equity for each position.
    static let positionSize = 0.02

    /// Prepares the catalog.
    /// - Parameters:
    ///   - market: The history in sample and the last bars.
    ///   - families: The families to work through, in this order.
    ///   - symbols: The instruments.
    ///   - cadence: The bars between two research dates.
    ///   - budget: The hypotheses at each research date.
    /// - Throws: A `QuantError` when a strategy of the catalog is not well formed.
    public init(
        market: any MarketAccess,
        families: [String],
        symbols: [String],
        cadence: Int,
        budget: Int
    ) throws(QuantError) {
        try self.init(
            market: market,
            families: families,
            symbols: symbols,
            cadence: cadence,
            budget: budget,
            source: nil,
            judge: nil
        )
    }

    /// As above, with somebody else's hypotheses or decisions.
    init(
        market: any MarketAccess,
        families: [String],
        symbols: [String],
        cadence: Int,
        budget: Int,
        source: (any HypothesisSource)?,
        judge: (any EntryJudge)?
    ) throws(QuantError) {
        self.source = source
        self.judge = judge
        self.market = market
        self.cadence = cadence
        self.budget = budget
        var catalog: [(strategy: Strategy, hash: String)] = []
        let forms = HypothesisCatalog(
            families: families,
            symbols: symbols,
            size: Self.positionSize
        )
        for json in forms.strategies {
            let strategy = try Strategy(json)
            catalog.append((strategy, strategy.hash.description))
        }
        self.catalog = catalog
    }

    /// Takes in verdicts, fills, trades and what people put forward; says intents on new bars and
    /// proposals at research dates.
    public func turn(_ input: TurnInput) throws -> TurnOutput {
        var output = TurnOutput(state: input.state, summary: "")
        var memory = ResearcherMemory(input.state)
        var story: [String] = []
        for signal in input.signals(.verdict) { story += memory.take(verdict: signal) }
        for signal in input.signals(.fill) { memory.take(fill: signal.body) }
        for signal in input.signals(.trade) {
            story += try learn(from: signal, input, &memory, &output)
        }
        story += try consider(input, &memory, &output)
        story += try obey(input, &memory, &output)
        if !input.signals(.bars).isEmpty {
            memory.bars += 1
            story += try trade(input, &memory, &output)
            if memory.bars % cadence == 0 { story += try propose(input, &memory, &output) }
        }
        memory.write(to: &output.state)
        output.summary = story.isEmpty ? "nothing to do" : story.joined(separator: "; ")
        return output
    }

    // MARK: - Proposals

    private func propose(
        _ input: TurnInput,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) throws -> [String] {
        if let source { return try propose(from: source, input, &memory, &output) }
        let history = try market.history()
        var names: [String] = []
        for _ in catalog.indices where names.count < budget {
            let (strategy, hash) = catalog[memory.cursor % catalog.count]
            memory.cursor = (memory.cursor + 1) % catalog.count
            let sessions = strategy.history(from: history).map(\.count).max() ?? 0
            guard sessions >= Self.inSampleMinimum,
                !memory.isApproved(hash, on: input.time.date)
            else { continue }
            say(strategy, hash, &memory, &output)
            names.append(strategy.name)
        }
        return names.isEmpty ? [] : ["proposed \(names.joined(separator: ", "))"]
    }

    /// Puts a hypothesis on record, one more that was tried.
    func say(
        _ strategy: Strategy,
        _ hash: String,
        isWithdrawn: Bool? = nil,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) {
        memory.tried += 1
        var body: [JSON.Member] = [
            JSON.Member("family", .string(strategy.family)),
            JSON.Member("strategy_hash", .string(hash)),
            JSON.Member("strategy", strategy.json),
            JSON.Member("hypothesis", .int(Int64(memory.tried))),
        ]
        if let isWithdrawn { body.append(JSON.Member("withdrawn", .bool(isWithdrawn))) }
        output.say(.proposal, .object(body))
    }

    // MARK: - Intents

    private func trade(
        _ input: TurnInput,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) throws -> [String] {
        let held = Set(memory.holdings.map(\.hash))
        let active = (catalog + memory.proposed).filter {
            held.contains($0.hash) || memory.isApproved($0.hash, on: input.time.date)
        }
        guard !active.isEmpty else { return [] }
        let recent = try market.recent()
        var wishes: [Wish] = []
        for (strategy, hash) in active {
            let history = strategy.history(from: recent)
            let prepared = try PreparedStrategy(strategy, history: history)
            for series in history where series.times.last?.date == input.time.date {
                let decisions = prepared.decisions(of: series.symbol)
                wishes.append(
                    Wish(
                        strategy: strategy,
                        hash: hash,
                        series: series,
                        enters: (decisions?.enter.last ?? false)
                            && memory.isApproved(hash, on: input.time.date),
                        exits: decisions?.exit.last ?? false
                    )
                )
            }
        }
        var story: [String] = []
        if let judge {
            let judged = try judge.judge(wishes, input, memory)
            (wishes, story) = (judged.wishes, judged.story)
            if !judged.note.isEmpty { output.notes.append(judged.note + "\n") }
        }
        for wish in wishes { story += try act(on: wish, input, &memory, &output) }
        return story
    }

    func act(
        on wish: Wish,
        _ input: TurnInput,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) throws -> [String] {
        let symbol = wish.series.symbol.description
        let isApproved = memory.isApproved(wish.hash, on: input.time.date)
        if let index = memory.holding(wish.hash, symbol) {
            guard memory.holdings[index].stage == .held, wish.exits || !isApproved else {
                return []
            }
            memory.holdings[index].stage = .leaving
            output.say(.intent, Self.intent("exit", wish, memory, context: [:]))
            return ["exit \(symbol)"]
        }
        guard wish.enters, isApproved else { return [] }
        let context = BarContext(wish.series, at: wish.series.count - 1)
        let json = context?.json ?? [:]
        if let broken = brokenRule(wish, json, input) {
            output.notes.append(
                "No entry into \(symbol) by \(wish.strategy.name): \(broken.rule.text)"
                    + " \(broken.reason)\n"
            )
            return ["\(symbol) not entered: a rule forbids it"]
        }
        memory.holdings.append(
            .init(
                hash: wish.hash,
                symbol: symbol,
                family: wish.strategy.family,
                stage: .asked,
                intent: "",
                context: json,
                ranks: context?.rankJSON ?? [:]
            )
        )
        output.say(.intent, Self.intent("enter", wish, memory, context: json))
        return ["enter \(symbol)"]
    }

    /// The first rule of the researcher's own skill that forbids an entry.
    private func brokenRule(_ wish: Wish, _ context: JSON, _ input: TurnInput) -> Judgement? {
        let bindings = Bindings([
            "action": .string("enter"),
            "symbol": .string(wish.series.symbol.description),
            "side": .string(wish.strategy.side.rawValue),
            "family": .string(wish.strategy.family),
            "position_fraction": .double(wish.strategy.size),
            "context": Value(context),
        ])
        return input.skill.rules(for: .intent).map { $0.judge(bindings) }.first { !$0.holds }
    }

    private static func intent(
        _ action: String,
        _ wish: Wish,
        _ memory: ResearcherMemory,
        context: JSON
    ) -> JSON {
        let approval = memory.approvals.first { $0.hash == wish.hash }?.verdict ?? ""
        let members: [JSON.Member] = [
            .init("strategy_hash", .string(wish.hash)), .init("approval", .string(approval)),
            .init("family", .string(wish.strategy.family)),
            .init("symbol", .string(wish.series.symbol.description)),
            .init("action", .string(action)), .init("side", .string(wish.strategy.side.rawValue)),
            .init("context", context),
        ]
        let decision = wish.decision == .null ? [] : [JSON.Member("decision", wish.decision)]
        return .object(members + decision)
    }

    // MARK: - Lessons

    private func learn(
        from signal: Signal,
        _ input: TurnInput,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) throws -> [String] {
        let fields = try JSONFields(signal.body, path: "trade")
        let symbol = try fields.string("symbol")
        let profit = try fields.decimal("pnl")
        let hash = try fields.string("strategy_hash")
        guard let index = memory.holding(hash, symbol) else { return [] }
        let holding = memory.holdings.remove(at: index)
        guard profit.isNegative else { return ["\(symbol) won \(profit.rounded(places: 2))"] }
        let writer = LessonWriter(
            family: holding.family,
            symbol: symbol,
            context: holding.context,
            ranks: holding.ranks
        )
        let lesson = writer.lesson(trade: signal.id, loss: profit, date: input.time.date)
        guard let lesson, !memory.lessons.contains(lesson.slug) else {
            return ["\(symbol) lost \((-profit).rounded(places: 2))"]
        }
        memory.lessons.append(lesson.slug)
        output.say(.lesson, lesson.json)
        return ["\(symbol) lost \((-profit).rounded(places: 2)), lesson \(lesson.slug)"]
    }
}
