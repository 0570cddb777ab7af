// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

extension Researcher {
    /// Says the intents that people ask for: `{"trade": {"action": …, "strategy_hash": …,
    /// "symbol": …}}` as the payload of a request.
    ///
    /// They are intents like its own: under an approved strategy, within its own rules, and judged
    /// by others before anything is ordered.
    func obey(
        _ input: TurnInput,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) throws -> [String] {
        let wishes = input.requests.compactMap { $0["payload"]?["trade"] }
        guard !wishes.isEmpty else { return [] }
        let recent = try market.recent()
        var story: [String] = []
        for wish in wishes {
            guard let action = wish["action"]?.stringValue, ["enter", "exit"].contains(action),
                let hash = wish["strategy_hash"]?.stringValue,
                let symbol = wish["symbol"]?.stringValue
            else {
                story.append("a trade that was asked for cannot be read")
                continue
            }
            let known = (catalog + memory.proposed).first { $0.hash == hash }?.strategy
            let series = recent.first { $0.symbol.description == symbol }
            let told = "\(action) \(TurnContract.sanitised(summary: symbol).prefix(40))"
            guard let known, let series, known.universe.contains(series.symbol) else {
                story.append("\(told) was asked for without a strategy or a price for it")
                continue
            }
            let said = try act(
                on: Wish(
                    strategy: known,
                    hash: hash,
                    series: series,
                    enters: action == "enter",
                    exits: action == "exit"
                ),
                input,
                &memory,
                &output
            )
            story += said.isEmpty ? ["\(told) was asked for and may not be"] : said
        }
        return story
    }
}
