// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The calls of one turn in their order, as they stand in its commit.
struct TurnTape: Sendable, Hashable {
    var calls: [CallRecord] = []

    /// The most bytes of a file.
    static let limitBytes = 256 << 20

    var isEmpty: Bool { calls.isEmpty }

    /// Where a turn's calls stand on its agent's branch.
    static func path(of agent: AgentName, turn: Int) -> String {
        SignalPath(agent: agent, turn: turn, index: 1).tape
    }

    /// The file; the same calls give the same bytes.
    var bytes: [UInt8] {
        (["schema": 1, "calls": .array(calls.map(\.json))] as JSON).canonical.prettyBytes
    }

    init() {}

    /// Reads a file.
    /// - Throws: A `JSONError` when it is no tape.
    init(parsing bytes: [UInt8]) throws(JSONError) {
        let fields = try JSONFields(try JSON(parsing: bytes), path: "tape")
        guard try fields.int("schema") == 1 else {
            throw JSONError("tape.schema: of another version")
        }
        for call in try fields.array("calls") { calls.append(try CallRecord(json: call)) }
    }

    /// The models that answered, each once and sorted.
    var models: [String] { Array(Set(calls.compactMap(\.model))).sorted() }

    /// What the models cost, as far as they had prices; nil when none was asked.
    var spending: TurnSpending? {
        guard !models.isEmpty else { return nil }
        let tokens = calls.compactMap(\.usage?.total).reduce(0) { sum, next in
            min(TurnSpending.limits.tokens, sum + min(TurnSpending.limits.tokens, next))
        }
        let costs = calls.compactMap(\.cost)
        let money = costs.reduce(Decimal8.zero) { sum, next in
            let (units, overflow) = sum.units.addingReportingOverflow(next.units)
            return Decimal8(units: overflow ? .max : units)
        }
        return TurnSpending(tokens: tokens, money: costs.isEmpty ? nil : money)
    }
}
