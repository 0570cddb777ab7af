// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Decides entries and early exits by a model, symbol by symbol.
///
/// What cannot be read decides nothing for its symbol alone; strategies' own exits stand.
struct ModelTrader: EntryJudge {
    let settings: ModelSettings
    let capital: Double

    func judge(
        _ wishes: [Wish],
        _ input: TurnInput,
        _ memory: ResearcherMemory
    ) throws -> Judged {
        let facts = Self.facts(wishes, memory)
        guard !facts.isEmpty else { return Judged(wishes: Self.without(wishes)) }
        let parser = DecisionParser(facts: facts)
        var session = ModelSession(
            settings.port,
            system: settings.prompt.system(input),
            prompt: prompt(input, wishes, facts, memory),
            tools: try settings.tools(input),
            output: ["type": "object"],
            limit: settings.limit
        )
        let (decisions, faults) = try decide(&session, parser)
        var judged = Judged(
            wishes: Self.apply(decisions, to: wishes, memory),
            note: session.note
        )
        judged.story = faults.map { "no decision on \($0)" }
        return judged
    }

    /// What the model is asked about: symbols that an approved strategy enters now, or that are
    /// held.
    static func facts(
        _ wishes: [Wish],
        _ memory: ResearcherMemory
    ) -> [String: DecisionParser.Facts] {
        var facts: [String: DecisionParser.Facts] = [:]
        for symbol in Set(wishes.map(\.series.symbol.description)) {
            let own = wishes.filter { $0.series.symbol.description == symbol }
            guard let price = own.first?.series.close.last else { continue }
            let held = own.first { memory.holding($0.hash, symbol) != nil }
            let sides = own.filter(\.enters).map(\.strategy.side.rawValue)
            guard held != nil || !sides.isEmpty else { continue }
            facts[symbol] = DecisionParser.Facts(
                price: price,
                held: held?.strategy.side.rawValue,
                sides: Array(Set(sides)).sorted()
            )
        }
        return facts
    }

    /// The decisions, and why there is none on some symbols.
    private func decide(
        _ session: inout ModelSession,
        _ parser: DecisionParser
    ) throws -> (decisions: [String: Decision], faults: [String]) {
        func none(_ reason: String) -> [String] {
            parser.facts.keys.sorted().map { "\($0): \(reason)" }
        }
        let last: String
        switch try session.run() {
        case .failed(let reason): return ([:], none(reason))
        case .text(let text): last = text
        }
        var decisions: [String: Decision] = [:]
        var open = parser
        var faults: [String]
        do throws(ReplyFault) {
            let reading = try parser.read(last)
            decisions = reading.decisions
            faults = reading.faults.map(\.description)
            open = DecisionParser(facts: parser.facts.filter { decisions[$0.key] == nil })
        } catch {
            faults = ["\(error)"]
        }
        // Symbols that nobody asked about have no decision either way.
        guard !faults.isEmpty else { return (decisions, []) }
        guard case .text(let text) = try session.repair(last, faults) else {
            return (decisions, open.facts.keys.sorted())
        }
        do throws(ReplyFault) {
            let reading = try open.read(text, amid: parser.facts)
            // It reads of what is open alone, so that nothing that was decided changes.
            for (symbol, decision) in reading.decisions { decisions[symbol] = decision }
            faults = reading.faults.map(\.description)
        } catch {
            faults = open.facts.keys.sorted().map { "\($0): \(error)" }
        }
        return (decisions, faults)
    }

    /// Entries that nothing was decided on are not made.
    private static func without(_ wishes: [Wish]) -> [Wish] {
        wishes.map { wish in
            var wish = wish
            wish.enters = false
            return wish
        }
    }

    static func apply(
        _ decisions: [String: Decision],
        to wishes: [Wish],
        _ memory: ResearcherMemory
    ) -> [Wish] {
        var entered: Set<String> = []
        return wishes.map { wish in
            let symbol = wish.series.symbol.description
            var wish = wish
            let wanted = wish.enters
            wish.enters = false
            guard let decision = decisions[symbol] else { return wish }
            switch decision.action {
            case .hold: return wish
            case .close: wish.exits = true
            case .enter(let side):
                // One strategy enters; further ones that want the same are not needed.
                guard wanted, wish.strategy.side.rawValue == side,
                    entered.insert(symbol).inserted
                else { return wish }
                wish.enters = true
            }
            wish.decision = decision.json
            return wish
        }
    }

    private func prompt(
        _ input: TurnInput,
        _ wishes: [Wish],
        _ facts: [String: DecisionParser.Facts],
        _ memory: ResearcherMemory
    ) -> String {
        let tables = facts.keys.sorted().map { symbol -> String in
            let own = wishes.filter { $0.series.symbol.description == symbol }
            let known = facts[symbol]
            let wanted = own.filter(\.enters).map {
                "\($0.strategy.family) enters \($0.strategy.side.rawValue)"
            }
            let state = known?.held.map { "held \($0)" } ?? "not held"
            let table = own.first.map { PromptTables.recent($0.series) } ?? ""
            return """
                ## \(symbol)

                  current_price: \(known?.price ?? 0)
                  position: \(state)
                  approved strategies: \(PromptTables.list(wanted))
                \(table)
                """
        }
        return """
            # Turn \(input.turn), \(input.time)

            \(PromptTables.inbox(input))

            # The market, ten daily values each, oldest first

            \(tables.joined(separator: "\n\n"))

            # The account

            Capital at the start \(rounded(capital, 2)).
            Held: \(PromptTables.holdings(memory)).

            # Your task

            Decide each of \(facts.keys.sorted().joined(separator: ", ")). End with one JSON object
            that has a member for each of them. Its value is an object with `signal`: where nothing
            is held, buy_to_enter, sell_to_enter or hold, and only an entry that an approved
            strategy makes; where a position is held, hold or close_position. An entry needs
            `quantity` (units above 0), `profit_target` and `stop_loss` (prices on both sides of
            current_price), `invalidation_condition` (a short text), `confidence` (0 to 1) and
            `risk_usd` (the loss if the stop is hit); `leverage` is a whole number from 1;
            `justification` is a sentence.
            All numbers are plain JSON numbers.
            """
    }
}
