// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// What a researcher remembers between turns.
struct ResearcherMemory {
    /// One position that the researcher asked for.
    struct Holding {
        enum Stage: String {
            /// The entry was asked for and not yet judged.
            case asked
            /// The entry was allowed; it is filled, or will be at the next open.
            case held
            /// The exit was asked for.
            case leaving
        }

        let hash: String
        let symbol: String
        let family: String
        var stage: Stage
        /// The intent's id, once it is known from the verdict.
        var intent: String
        /// The id of the intent to leave, once that was allowed.
        var exitIntent = ""
        let context: JSON
        let ranks: JSON
    }

    /// The bars seen.
    var bars: Int
    /// The place in the catalog of the next hypothesis.
    var cursor: Int
    /// The hypotheses proposed so far, repetitions included.
    var tried: Int
    /// Approved strategies by hash: the verdict that approved each, and until when.
    var approvals: [(hash: String, verdict: String, until: CalendarDate)]
    var holdings: [Holding]
    /// The lessons already proposed.
    var lessons: [String]
    /// Strategies that people proposed, each with its hash, oldest first.
    var proposed: [(strategy: Strategy, hash: String)]

    init(_ state: StateFile) {
        bars = state["bars"]?.intValue ?? 0
        cursor = state["cursor"]?.intValue ?? 0
        tried = state["hypotheses"]?.intValue ?? 0
        lessons = state["lessons"]?.arrayValue?.compactMap(\.stringValue) ?? []
        proposed = (state["proposed"]?.arrayValue ?? []).compactMap { json in
            // It was well formed when it was put there; another version of it is forgotten.
            guard let strategy = try? Strategy(json) else { return nil }
            return (strategy, strategy.hash.description)
        }
        approvals = (state["approvals"]?.arrayValue ?? []).compactMap { entry in
            guard let hash = entry["strategy_hash"]?.stringValue,
                let verdict = entry["verdict"]?.stringValue,
                let until = entry["until"]?.stringValue.flatMap({ CalendarDate($0) })
            else { return nil }
            return (hash, verdict, until)
        }
        holdings = (state["holdings"]?.arrayValue ?? []).compactMap(Holding.init)
    }

    func write(to state: inout StateFile) {
        state["bars"] = .int(Int64(bars))
        state["cursor"] = .int(Int64(cursor))
        state["hypotheses"] = .int(Int64(tried))
        state["lessons"] = .array(lessons.map { .string($0) })
        state["approvals"] = .array(
            approvals.map {
                [
                    "strategy_hash": .string($0.hash), "verdict": .string($0.verdict),
                    "until": .string($0.until.description),
                ]
            }
        )
        state["holdings"] = .array(holdings.map(\.json))
        if !proposed.isEmpty || state["proposed"] != nil {
            state["proposed"] = .array(proposed.map(\.strategy.json))
        }
    }

    func isApproved(_ hash: String, on date: CalendarDate) -> Bool {
        approvals.contains { $0.hash == hash && $0.until >= date }
    }

    func holding(_ hash: String, _ symbol: String) -> Int? {
        holdings.firstIndex { $0.hash == hash && $0.symbol == symbol }
    }
}

extension ResearcherMemory.Holding {
    fileprivate init?(_ json: JSON) {
        guard let hash = json["strategy_hash"]?.stringValue,
            let symbol = json["symbol"]?.stringValue, let family = json["family"]?.stringValue,
            let stage = json["stage"]?.stringValue.flatMap({ Stage(rawValue: $0) })
        else { return nil }
        self.init(
            hash: hash,
            symbol: symbol,
            family: family,
            stage: stage,
            intent: json["intent"]?.stringValue ?? "",
            exitIntent: json["exit_intent"]?.stringValue ?? "",
            context: json["context"] ?? [:],
            ranks: json["ranks"] ?? [:]
        )
    }

    fileprivate var json: JSON {
        [
            "strategy_hash": .string(hash), "symbol": .string(symbol), "family": .string(family),
            "stage": .string(stage.rawValue), "intent": .string(intent),
            "exit_intent": .string(exitIntent), "context": context, "ranks": ranks,
        ]
    }
}
