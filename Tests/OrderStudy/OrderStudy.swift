// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Trading

/// Sends orders from their line of JSON through the reader and the controls, and compares what
/// passes with an oracle.
public struct OrderStudy {
    /// What came of it.
    public struct Tally: Sendable {
        /// The orders sent.
        public var sent = 0
        /// Those that passed.
        public var passed = 0
        /// Those that could not be read as an order.
        public var unreadable = 0
        /// Those that each limit refused.
        public var refused: [OrderLimit: Int] = [:]
        /// Lines that passed although the oracle says no, at most ten.
        public var leaks: [String] = []
        /// Lines that were refused although the oracle says yes, at most ten, with the reason.
        public var blocks: [String] = []
        /// How many leaks there were.
        public var leakCount = 0
        /// How many blocks there were.
        public var blockCount = 0
    }

    private enum Outcome {
        case unreadable(String)
        case judged(OrderRequest, ControlVerdict)
    }

    /// The orders that are sent in one world.
    private static let ordersInWorld = 1_000

    private var random: SeededRandom
    private var number = 0
    /// What came of all orders so far.
    public private(set) var tally = Tally()

    /// Begins a study.
    public init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// Sends the orders of one world.
    /// - Parameter measuring: Called around the reading and judging of all of them, so that it can
    ///   be timed.
    /// - Throws: A ``TradingError`` when the world itself cannot be made, which is a fault of the
    ///   study.
    public mutating func runWorld(measuring: (() -> Void) -> Void = { $0() }) throws {
        var world = OrderWorld(&random)
        var controls = try world.controls()
        var facts = try world.facts()
        var oracle = OrderOracle()
        var last: OrderDraft?
        var permits: [String: DraftPermit] = [:]
        for _ in 0..<(Self.ordersInWorld / 10) {
            var drafts: [(OrderDraft, String)] = []
            for _ in 0..<10 {
                let draft = makeDraft(in: world, last)
                last = draft
                drafts.append((draft, draft.text(in: world)))
                guard permits[draft.signal] == nil, let permit = makePermit(for: draft) else {
                    continue
                }
                permits[draft.signal] = permit
                facts.permits[draft.signal] = try permit.permit(on: draft.signal, in: world)
            }
            var outcomes: [Outcome] = []
            measuring {
                for (_, line) in drafts {
                    let outcome = Self.judge(line, controls, facts)
                    if case .judged(let request, .passed) = outcome {
                        controls.note(request, at: facts.now)
                    }
                    outcomes.append(outcome)
                }
            }
            for ((draft, line), outcome) in zip(drafts, outcomes) {
                let isAllowed =
                    oracle.allows(draft, in: world)
                    && permits[draft.signal]?.allows(draft, in: world) ?? false
                if isAllowed { oracle.note(draft, in: world) }
                count(line, outcome, isAllowed)
            }
            world.now += Int.random(in: 0...20, using: &random)
            facts.now = OrderWorld.instant(world.now)
        }
    }

    private mutating func makeDraft(in world: OrderWorld, _ last: OrderDraft?) -> OrderDraft {
        number += 1
        var draft = OrderDraft(number: number, in: world, &random)
        let twists = [0, 0, 1, 1, 1, 2][Int.random(in: 0..<6, using: &random)]
        for _ in 0..<twists {
            let twist = OrderTwist.allCases.randomElement(using: &random)
            twist?.apply(to: &draft, last: last, &random)
        }
        return draft
    }

    /// The verdict on a draft, now and then not the one that it would need.
    private mutating func makePermit(for draft: OrderDraft) -> DraftPermit? {
        let isFlawed = Int.random(in: 0..<6, using: &random) == 0
        let flaw = isFlawed ? DraftPermit.Flaw.allCases.randomElement(using: &random) : nil
        return DraftPermit(of: draft, flaw: flaw)
    }

    private static func judge(
        _ line: String,
        _ controls: OrderControls,
        _ facts: ControlFacts
    ) -> Outcome {
        do {
            let order = try Order(try MessageReader(try JSON(parsing: line), path: "params"))
            try order.requireFromClient()
            let request = OrderRequest(order)
            return .judged(request, controls.verdict(on: request, facts))
        } catch {
            return .unreadable("\(error)")
        }
    }

    private mutating func count(_ line: String, _ outcome: Outcome, _ isAllowed: Bool) {
        tally.sent += 1
        let why: String
        switch outcome {
        case .unreadable(let reason):
            tally.unreadable += 1
            why = reason
        case .judged(_, .passed):
            tally.passed += 1
            guard !isAllowed else { return }
            tally.leakCount += 1
            if tally.leaks.count < 10 { tally.leaks.append(line) }
            return
        case .judged(_, let verdict):
            if let limit = verdict.broken { tally.refused[limit, default: 0] += 1 }
            why = verdict.reason ?? ""
        }
        guard isAllowed else { return }
        tally.blockCount += 1
        if tally.blocks.count < 10 { tally.blocks.append("\(why): \(line)") }
    }
}
