// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Trading

/// One life story of a dispatcher at a hostile venue over hostile lines, from a seed, with crashes
/// at its writes and sends and a disk that refuses for a while; then calm, and a look at what is
/// left.
public struct VenueStudy {
    /// What came of a seed.
    public struct Outcome: Sendable {
        /// What must not be, as clauses; empty when all is well.
        public var violations: [String] = []
        /// How often the dispatcher was killed.
        public var crashes = 0
        /// How many records the disk was owed.
        public var debts = 0
        /// The orders that the venue took.
        public var orders = 0
        /// The executions.
        public var fills = 0
        /// The longest that a stop was away from the venue with nothing to close in its place, in
        /// ticks; of venues that take no id twice.
        public var longestDoubt = 0
    }

    private static let stormTicks = 260
    private static let calmTicks = 700

    private var random: SeededRandom
    private let bug: PlantedBug?
    private let hasManualTrades: Bool
    private let hasUniqueIDs: Bool
    private var venue: HostileVenue
    private var watch = ProtectionWatch()
    private var calmFor = 0
    private var requests = HostileLine<VenueRequest>()
    private var reports = HostileLine<VenueReport>()
    private var journal: [JournalEntry] = []
    /// Until when the disk refuses every write, and what it is owed.
    private var refusesUntil = 0
    private var owed: [JournalEntry] = []
    private var dispatcher: OrderDispatcher?
    private var wakesAt = 0
    /// What a life that was thought dead has still to do.
    private var zombie: [(at: Int, life: Int, effects: [DispatchEffect])] = []
    private var signals = 0
    private var passed: Set<OrderID> = []
    private var now = 0
    private var duplicates = 0
    private var sentOnce: Set<VenueOrder> = []
    private var outcome = Outcome()

    /// Prepares a story.
    public init(seed: UInt64, bug: PlantedBug? = nil) {
        random = SeededRandom(seed: seed)
        self.bug = bug
        hasManualTrades = seed % 5 == 0
        hasUniqueIDs = seed % 2 == 0
        venue = HostileVenue(hasUniqueIDs: hasUniqueIDs, seed: seed)
    }

    /// Tells it.
    public mutating func run() -> Outcome {
        for _ in 0..<Self.stormTicks { tick(isCalm: false) }
        for _ in 0..<Self.calmTicks { tick(isCalm: true) }
        inspect()
        outcome.orders = venue.accepted.count
        outcome.fills = venue.fills.count
        outcome.longestDoubt = watch.longest
        return outcome
    }

    // MARK: Time

    private mutating func tick(isCalm: Bool) {
        now += 1
        let hand = hasManualTrades && !isCalm ? try? InstrumentID("HAND") : nil
        for report in venue.step(&random, isCalm: isCalm, byHand: hand) { tell(report, isCalm) }
        for request in requests.arrivals(now: now, &random) {
            for report in venue.take(request) { tell(report, isCalm) }
        }
        raiseZombies(isCalm)
        attendDisk(isCalm)
        wake(isCalm)
        for report in reports.arrivals(now: now, &random) { hear(report, isCalm) }
        if !isCalm { ask() }
        perform(isCalm) { $0.tick() }
        calmFor = isCalm ? calmFor + 1 : 0
        guard hasUniqueIDs, let dispatcher else { return }
        outcome.violations += watch.look(dispatcher, venue, now: now, calmFor: calmFor)
    }

    private mutating func tell(_ report: VenueReport, _ isCalm: Bool) {
        reports.carry(report, now: now, &random, isCalm: isCalm)
    }

    private mutating func hear(_ report: VenueReport, _ isCalm: Bool) {
        var report = report
        if bug == .booksTwice, case .fill(let fill) = report {
            duplicates += 1
            report = .fill(
                VenueFill(
                    id: "\(fill.id)-\(duplicates)",
                    order: fill.order,
                    instrument: fill.instrument,
                    side: fill.side,
                    quantity: fill.quantity,
                    price: fill.price
                )
            )
        }
        perform(isCalm) { [report] in $0.take(report) }
    }

    /// The executor asks for something new, or for the same again, or for what was not allowed.
    private mutating func ask() {
        switch Int.random(in: 0..<30, using: &random) {
        case 0, 1: signals += 1
        case 2 where signals > 0: break
        case 3 where signals > 0:
            let number = Int.random(in: 1...signals, using: &random)
            if let id = try? OrderID("o\(number)") { perform(false) { $0.close(id) } }
            return
        default: return
        }
        let number = signals > 1 ? Int.random(in: signals - 1...signals, using: &random) : signals
        guard number > 0, let order = Self.entry(number) else { return }
        let isAllowed = number % 4 != 0
        if isAllowed { passed.insert(order.id) }
        let verdict = isAllowed || bug == .skipsVerdict ? "v\(number)" : ""
        let stop = try? Price(Decimal8(90))
        perform(false) { $0.enter(order, verdict: verdict, stop: stop) }
    }

    private static func entry(_ number: Int, suffix: String = "") -> VenueOrder? {
        guard let id = try? OrderID("o\(number)\(suffix)"),
            let instrument = try? InstrumentID("I\(number)"),
            let quantity = try? Quantity(Decimal8(1 + number % 5))
        else { return nil }
        return VenueOrder(
            id: id,
            entry: id,
            instrument: instrument,
            side: number % 2 == 0 ? .buy : .sell,
            quantity: quantity,
            kind: .market,
            reducesOnly: false
        )
    }

    // MARK: Life and death

    private var diskRefuses: Bool { now < refusesUntil }

    private mutating func attendDisk(_ isCalm: Bool) {
        if !isCalm, !diskRefuses, Int.random(in: 0..<80, using: &random) == 0 {
            refusesUntil = now + Int.random(in: 1...40, using: &random)
        }
        guard isCalm || !diskRefuses else { return }
        refusesUntil = now
        journal += owed
        owed = []
    }

    private mutating func wake(_ isCalm: Bool) {
        // Nobody can begin a life who cannot write that down.
        guard dispatcher == nil, now >= wakesAt, !diskRefuses else { return }
        let known = bug == .losesJournal ? [] : journal
        var rules = DispatchRules()
        rules.uniqueIDs = hasUniqueIDs && bug != .waitsOut
        let born = OrderDispatcher(rules: rules, externalLimit: Decimal8(2), journal: known)
        dispatcher = born
        watch.forget()
        perform(isCalm) { $0.start() }
    }

    /// Does what the dispatcher wants, one thing after the other; it may be killed before each.
    ///
    /// What the disk refuses and must not be owed has not happened.
    private mutating func perform(
        _ isCalm: Bool,
        _ decide: (inout OrderDispatcher) -> [DispatchEffect]
    ) {
        guard var next = dispatcher else { return }
        var effects = decide(&next)
        let isRefused = diskRefuses && effects.contains { $0.isWrite }
        guard !isRefused || next.mayOwe(effects) || bug == .owesEntries else { return }
        dispatcher = next
        let life = next.life
        if bug == .sendsFirst {
            effects = effects.filter { !$0.isWrite } + effects.filter(\.isWrite)
        }
        for (place, effect) in effects.enumerated() {
            if !isCalm, Int.random(in: 0..<25, using: &random) == 0 {
                die(life, Array(effects[place...]))
                return
            }
            carryOut(effect, life, isCalm)
        }
    }

    private mutating func die(_ life: Int, _ rest: [DispatchEffect]) {
        outcome.crashes += 1
        let rest = owed.map { .write($0) } + rest
        owed = []
        dispatcher = nil
        watch.forget()
        wakesAt = now + Int.random(in: 1...20, using: &random)
        // Some are not dead but asleep, and go on later where they were.
        guard Int.random(in: 0..<4, using: &random) == 0 else { return }
        zombie.append((now + Int.random(in: 1...200, using: &random), life, rest))
    }

    private mutating func raiseZombies(_ isCalm: Bool) {
        let due = zombie.filter { $0.at <= now }
        zombie.removeAll { $0.at <= now }
        for (_, life, effects) in due {
            for effect in effects {
                // The journal takes nothing of an earlier life, and then it ends.
                if effect.isWrite, life < newestLife || diskRefuses { break }
                carryOut(effect, life, isCalm)
            }
        }
    }

    private var newestLife: Int {
        journal.compactMap { if case .started(let life) = $0 { life } else { nil } }.max() ?? 0
    }

    private mutating func carryOut(_ effect: DispatchEffect, _ life: Int, _ isCalm: Bool) {
        switch effect {
        case .write(let entry):
            guard life >= newestLife else { return }
            guard diskRefuses else { return journal.append(entry) }
            owed.append(entry)
            outcome.debts += 1
        case .send(.place(let order)) where bug == .forgetsStops && order.reducesOnly: return
        case .send(.place(let order))
        where bug == .neverRepeats && order.reducesOnly && !sentOnce.insert(order).inserted:
            return
        case .send(let request):
            if case .place(let order) = request, life == dispatcher?.life {
                watch.note(order, at: now)
            }
            requests.carry(request, now: now, &random, isCalm: isCalm)
            if bug == .sendsAgain, case .query(let id) = request { sendAgain(id, isCalm) }
        case .halt: dispatcher?.halt()
        }
    }

    private mutating func sendAgain(_ id: OrderID, _ isCalm: Bool) {
        guard let number = Int(id.description.drop { $0 == "o" }),
            let order = Self.entry(number, suffix: "-again")
        else { return }
        requests.carry(.place(order), now: now, &random, isCalm: isCalm)
    }

    // MARK: What must not be

    private mutating func inspect() {
        guard let dispatcher else {
            outcome.violations.append("the dispatcher is dead")
            return
        }
        for (id, count) in venue.taken.sorted(by: { $0.key < $1.key }) where count > 1 {
            outcome.violations.append("the venue took \(id) \(count) times")
        }
        let entries = venue.accepted.filter(\.isEntry)
        for (instrument, orders) in Dictionary(grouping: entries, by: \.instrument).sorted(by: {
            $0.key < $1.key
        }) where orders.count > 1 {
            outcome.violations.append("\(orders.count) entries for \(instrument)")
        }
        for order in entries where !passed.contains(order.id) {
            outcome.violations.append("\(order.id) was sent without a passed verdict")
        }
        let done = Set(venue.fills.compactMap(\.order))
        for order in venue.accepted
        where dispatcher.orders[order.id] == nil
            && (order.isEntry || done.contains(order.id) || venue.isOpen(order.id))
        {
            outcome.violations.append("\(order.id) is at the venue and not in the journal")
        }
        if Set(dispatcher.fills.keys) != Set(venue.fills.map(\.id)) {
            outcome.violations.append("the executions booked are not those of the venue")
        }
        if dispatcher.positions != venue.positions {
            outcome.violations.append("the positions are not those of the venue")
        }
        inspectProtection()
    }

    private mutating func inspectProtection() {
        let hand = try? InstrumentID("HAND")
        let entries = venue.accepted.filter(\.isEntry)
        for (instrument, quantity) in venue.positions.sorted(by: { $0.key < $1.key })
        where instrument != hand {
            let stops = venue.stops(of: instrument)
            if stops != quantity.magnitude {
                outcome.violations.append(
                    "\(quantity) of \(instrument) is held and \(stops) protected"
                )
            }
        }
        for order in entries {
            let held = venue.positions[order.instrument] ?? .zero
            if order.side == .buy ? held < .zero : held > .zero {
                outcome.violations.append("more of \(order.id) was closed than it had opened")
            }
        }
        for order in venue.accepted where venue.positions[order.instrument] == nil {
            if venue.stops(of: order.instrument) > .zero {
                outcome.violations.append("a stop stands for nothing held of \(order.instrument)")
            }
        }
    }
}

extension DispatchEffect {
    fileprivate var isWrite: Bool {
        if case .write = self { true } else { false }
    }
}
