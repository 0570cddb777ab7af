// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Hypotheses of a model's.
struct ModelHypotheses: HypothesisSource {
    let settings: ModelSettings
    let symbols: [String]
    let costs: Costs
    let capital: Double

    /// What the last words must look like.
    static let schema = JSON.closedObject([
        .init("proposals", ["type": "array", "items": StrategyNote.schema]),
        .init("summary", ["type": "string"]),
    ])

    func hypotheses(
        _ input: TurnInput,
        _ memory: ResearcherMemory,
        history: [BarSeries],
        limit: Int
    ) throws -> Hypotheses {
        guard history.contains(where: { $0.count >= Researcher.inSampleMinimum }) else {
            return Hypotheses()
        }
        let bench = ResearchBench(
            history: history,
            symbols: symbols,
            costs: costs,
            capital: capital,
            limit: limit
        )
        let tools =
            try settings.tools(input) + [
                EvaluateTool(history: { history }), BacktestTool(bench: bench),
                ProposeTool(bench: bench),
            ]
        var session = ModelSession(
            settings.port,
            system: settings.prompt.system(input) + [StrategyGuide.text],
            prompt: prompt(input, memory, bench),
            tools: tools,
            output: Self.schema,
            limit: settings.limit
        )
        let failure = try finish(&session, bench)
        return Hypotheses(
            tried: bench.tried.map { ($0.strategy, bench.proposed.contains($0.hash)) },
            note: session.note,
            failure: failure
        )
    }

    /// Lets the model come to its end, and repairs its last words once.
    /// - Returns: Why there are no last words that can be used; nil when there are.
    private func finish(
        _ session: inout ModelSession,
        _ bench: ResearchBench
    ) throws -> String? {
        let last: String
        switch try session.run() {
        case .failed(let reason): return reason
        case .text(let text): last = text
        }
        let faults = Self.take(last, bench)
        guard !faults.isEmpty else { return nil }
        switch try session.repair(last, faults) {
        case .failed(let reason): return reason
        case .text(let text):
            let left = Self.take(text, bench)
            return left.isEmpty ? nil : left.joined(separator: "; ")
        }
    }

    /// Takes in last words: those proposals of them that can be used, and what is wrong with the
    /// others.
    static func take(_ text: String, _ bench: ResearchBench) -> [String] {
        let proposals: [JSON]
        do {
            let fields = try JSONFields(try ReplyText.value(text), path: "answer")
            try fields.allowOnly(["proposals", "summary"])
            proposals = try fields.array("proposals")
            _ = try fields.string("summary")
        } catch {
            return ["\(error)"]
        }
        var faults: [String] = []
        for (index, note) in proposals.enumerated() {
            do {
                try bench.propose(note)
            } catch {
                faults.append("proposals[\(index)]: \(error)")
            }
        }
        return faults
    }

    private func prompt(
        _ input: TurnInput,
        _ memory: ResearcherMemory,
        _ bench: ResearchBench
    ) -> String {
        """
        # Turn \(input.turn), \(input.time)

        \(PromptTables.inbox(input))

        # What you remember

        Hypotheses on record so far: \(memory.tried).
        Approved: \(PromptTables.approvals(memory)).
        Held: \(PromptTables.holdings(memory)).
        Lessons: \(PromptTables.list(memory.lessons)).

        \(PromptTables.prose(input))

        # The account

        Capital at the start \(rounded(capital, 2)). A fee of \(costs.feeRate) and slippage of \
        \(costs.slippageRate) of the price on each side\(costs.execution.words).

        # The market in sample, daily bars, oldest first

        \(PromptTables.history(bench.history))

        # Your task

        Think of strategies whose edge could hold in years that you have not seen, and propose those
        that you would stake your name on, at most \(bench.limit) tested or proposed together. Few
        and simple beats many. Then end with the JSON value: `proposals` holds the strategies that
        you have not proposed with the tool, and may be empty; `summary` says in one sentence what
        you did and why.

        The form of the value: \(Self.schema.compactText)
        """
    }
}
