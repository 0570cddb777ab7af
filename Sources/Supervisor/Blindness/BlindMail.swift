// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// Makes what a verifier is given out of what others said.
///
/// A verifier gets numbers, times, symbols of the desk, words out of short lists, and strategies in
/// typed form. Items are named by the reader's own turn and their place in it, and stand in an
/// order that their content decides. So nothing that a maker thinks, calls something, or does
/// earlier or later changes a byte.
final class BlindMail {
    private let desk: OpenDesk
    /// What was tried on the desk.
    let trials: TrialKeeper
    private let schema: BlindSchema
    private let families: Set<String>
    /// Under which item each verifier knows an intent that it let enter, by the digits of its id.
    private var entries: [AgentName: [String: String]] = [:]

    init(_ desk: OpenDesk, strategies: any StrategyReader) {
        self.desk = desk
        trials = TrialKeeper(desk, strategies: strategies)
        schema = BlindSchema(symbols: desk.configuration.market.symbols)
        families = Set(RoleSettings.families)
    }

    /// Reads what was tried, and what verifiers have let enter, from wherever it is kept.
    func restore(_ branches: [AgentName: AgentBranch]) throws {
        try trials.restore()
        for agent in desk.configuration.agents where agent.role.isBlind {
            guard let branch = branches[agent.name], branch.record != nil else { continue }
            try SignalReader(repository: desk.repository)
                .forEach(.verdict, of: agent.name, at: branch.head) { note($0, of: agent.name) }
        }
    }

    /// Takes in what a turn said.
    func note(_ turn: FinishedTurn) throws {
        for signal in turn.signals { note(signal, of: turn.agent) }
        try trials.note(turn)
    }

    private func note(_ signal: Signal, of agent: AgentName) {
        guard signal.topic == .verdict, signal.body["action"]?.stringValue == "enter",
            signal.body["passed"]?.boolValue == true,
            let intent = signal.body["subject"]?.stringValue,
            let item = signal.body["item"]?.stringValue
        else { return }
        entries[agent, default: [:]][Self.mark(intent)] = item
    }

    /// A plan with what a blind reader is given in it; any other plan as it was.
    func blinded(_ plan: TurnPlan, skills: [String]) -> TurnPlan {
        var plan = plan
        plan.blind = delivery(
            for: plan.agent,
            turn: plan.turn,
            at: Trial.Place(time: plan.time, round: plan.round),
            plan.inbox,
            data: plan.data,
            skills: skills
        )
        return plan
    }

    /// What a turn is given; nil for an agent that reads what others wrote.
    /// - Parameters:
    ///   - agent: The reader.
    ///   - turn: The number of its turn.
    ///   - place: Where its turn stands; what was tried before counts.
    ///   - inbox: What waits for it.
    ///   - data: The hash of the market data that it is shown.
    ///   - skills: The skills that it reads, each a name and a blob id.
    /// - Returns: Its items, with what they were made from.
    func delivery(
        for agent: AgentConfiguration,
        turn: Int,
        at place: Trial.Place,
        _ inbox: [Signal],
        data: ContentHash?,
        skills: [String]
    ) -> BlindDelivery? {
        guard agent.role.isBlind else { return nil }
        var drafts = inbox.map { (origin: $0, body: body(of: $0, for: agent.name)) }
        // By content, so that who spoke first, and in which file, stays behind.
        drafts.sort { Self.key($0.origin.topic, $0.body) < Self.key($1.origin.topic, $1.body) }
        var items: [Signal] = []
        var origins: [String: Signal] = [:]
        func add(_ topic: Topic, _ body: JSON, _ origin: Signal?) {
            let id = "\(topic.rawValue)-\(turn)-\(items.count + 1)"
            items.append(Signal(id: id, topic: topic, body: body))
            origins[id] = origin
        }
        var telling: String?
        if inbox.contains(where: { $0.topic == .report }) {
            let excerpt = trials.book.excerpt(before: place)
            let body = excerpt.body(known: families)
            telling = "\(excerpt.count) \(ContentHash(of: body.compactBytes))"
            add(.trials, body, nil)
        }
        for draft in drafts { add(draft.origin.topic, draft.body, draft.origin) }
        return BlindDelivery(
            items: items,
            origins: origins,
            trials: telling,
            data: data?.description,
            skills: skills
        )
    }

    private static func key(_ topic: Topic, _ body: JSON) -> String {
        // What has happened comes before what is wished.
        let order: [Topic] = [.bars, .fill, .trade, .report, .intent]
        return "\(order.firstIndex(of: topic) ?? order.count) \(topic.rawValue) \(body.compactText)"
    }

    private func body(of signal: Signal, for reader: AgentName) -> JSON {
        switch signal.topic {
        case .report, .proposal: return .object(hypothesis(signal.body))
        case .intent: return .object(wish(signal.body))
        default:
            var members = schema.fields(of: signal.topic, signal.body)
            let named = signal.topic == .fill ? signal.body["order"] : signal.body["intent"]
            if let name = named?.stringValue, let item = entries[reader]?[Self.mark(name)] {
                members.append(.init("intent", .string(item)))
            }
            return .object(members)
        }
    }

    /// The digits that an intent and the order made from it share.
    private static func mark(_ id: String) -> String {
        id.split(separator: "-").last.map(String.init) ?? ""
    }

    private func hypothesis(_ body: JSON) -> [JSON.Member] {
        switch trials.source.read(body["strategy"] ?? .null) {
        case .fault(let reason): return [.init("fault", .string(reason))]
        case .typed(let typed):
            guard body["strategy_hash"]?.stringValue == typed.original.description else {
                return [.init("fault", "other_hash")]
            }
            return [
                .init("strategy_hash", .string(typed.hash.description)),
                .init("strategy", typed.strategy),
            ]
        }
    }

    private func wish(_ body: JSON) -> [JSON.Member] {
        let name = body["strategy_hash"]?.stringValue.flatMap { ContentHash(hex: $0) }
        let trial = name.flatMap { trials.book.trial(named: $0) }
        return [
            ("strategy_hash", trial.map { .string($0.description) }),
            ("symbol", schema.symbol(body["symbol"])), ("action", schema.action(body["action"])),
        ].compactMap { name, value in value.map { .init(name, $0) } }
    }
}
