// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Proposes a strategy.
struct ProposeTool: ModelTool {
    let bench: ResearchBench

    var definition: ConversationTool {
        ConversationTool(
            "propose",
            "Proposes a strategy: the backtester and the verifier judge it, and it is traded only"
                + " if it passes.",
            schema: .closedObject([.init("strategy", StrategyNote.schema)])
        )
    }

    func run(_ input: JSONFields) throws -> String {
        try input.allowOnly(["strategy"])
        let strategy = try bench.propose(try input.required("strategy"))
        return "proposed \(strategy.name)"
    }
}
