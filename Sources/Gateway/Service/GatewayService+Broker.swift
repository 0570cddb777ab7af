// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Processes
import Trading

/// A broker in place of the exchange on paper: what the dispatcher decides is on the disk before it
/// is sent, and what the broker reports is on the disk before it counts.
extension GatewayService {
    /// Takes up the broker's orders where an earlier life of the gateway was.
    /// - Throws: A ``GatewayError``: `otherDesk` when the ledger and the settings do not belong
    ///   together, which no start over the same files would change.
    mutating func openBroker() throws(GatewayError) {
        try ledger.requireFit(hasBroker: settings.broker != nil)
        guard let settings = settings.broker else { return }
        let journal = try ledger.loadJournal()
        let desk = BrokerDesk(settings, journal: journal)
        // A life without a way to the broker sends nothing that could be mixed up with another's.
        if settings.link != nil {
            try ledger.record(desk.dispatcher.start().entries)
        }
        broker = desk
    }

    /// Takes in what the broker has reported, and lets seconds pass.
    public mutating func attendBroker(at now: MonotonicInstant) {
        guard let desk = broker, let link = desk.settings.link else { return }
        let arrived = link.takeReports()
        let elapsed = desk.tickedAt.map { Int(now.nanoseconds - $0.nanoseconds) / 1_000_000_000 }
        guard !arrived.isEmpty || elapsed != 0 else { return }
        broker?.reports += arrived
        takeReports()
        if elapsed != 0 {
            // After a pause the dispatcher is not to think that the broker was silent all the
            // while.
            for _ in 0..<min(5, elapsed ?? 1) { perform { $0.tick() } }
            broker?.tickedAt = now
        }
        heedFlattening()
        broker?.tell()
    }

    /// Whether the broker was not looked at yet, and may still answer.
    var awaitsBroker: Bool {
        guard let desk = broker, let link = desk.settings.link else { return false }
        return !desk.dispatcher.isReconciled && link.trouble == nil
    }

    /// Readable while the broker has reported something; -1 without a broker.
    var brokerDescriptor: Int32 { broker?.settings.link?.descriptor ?? -1 }

    private mutating func takeReports() {
        while let report = broker?.reports.first {
            guard isOwnAccount(), perform({ $0.take(report) }) else { break }
            broker?.reports.removeFirst()
        }
        if let count = broker?.reports.count, count > BrokerDesk.longestQueue {
            broker?.reports.removeFirst(count - BrokerDesk.longestQueue)
        }
    }

    /// Whether the account is the one in which the journal's orders are; reports of another one
    /// are never taken in.
    private mutating func isOwnAccount() -> Bool {
        guard let number = broker?.settings.link?.account?.number else { return true }
        guard let known = broker?.account else {
            do throws(GatewayError) {
                try ledger.record([.account(number)])
                broker?.account = number
                return true
            } catch {
                settings.complain("\(error)")
                return false
            }
        }
        guard known != number else { return true }
        broker?.reports = []
        guard broker?.isForeign == false else { return false }
        broker?.isForeign = true
        engageHalt(
            .reconciliation,
            "the broker's account is \(number), and the orders are in \(known)",
            flatten: false
        )
        return false
    }

    /// Lets the dispatcher decide, writes down what has to be, and only then does it.
    ///
    /// When the disk refuses, nothing has happened. What is urgent, or protects and closes under
    /// ids that the broker takes once, happens all the same, and the disk gets it as soon as it
    /// can.
    @discardableResult
    mutating func perform(
        isUrgent: Bool = false,
        _ decide: (inout OrderDispatcher) -> [DispatchEffect]
    ) -> Bool {
        guard var dispatcher = broker?.dispatcher else { return false }
        let effects = decide(&dispatcher)
        if !effects.entries.isEmpty {
            payDebts()
            do throws(GatewayError) {
                guard debts.isEmpty else {
                    throw GatewayError(.diskFull, "record orders", "the ledger has to catch up")
                }
                try ledger.record(effects.entries)
            } catch {
                // A halted desk places no entries, so whatever it does takes risk away.
                let mayOwe = isUrgent || (halt.isHalted && halt.flatten)
                guard mayOwe || dispatcher.mayOwe(effects) else {
                    settings.complain("\(error)")
                    return false
                }
                debts.append(.journal(effects.entries))
            }
        }
        broker?.dispatcher = dispatcher
        act(effects)
        return true
    }

    /// Sends and halts; what has to be written is written already.
    mutating func act(_ effects: [DispatchEffect]) {
        for effect in effects {
            switch effect {
            case .write: break
            case .send(let request): broker?.settings.link?.send(request)
            case .halt(let reason): engageHalt(.reconciliation, reason, flatten: false)
            }
        }
    }
}

extension [DispatchEffect] {
    /// What has to be written down, in order.
    var entries: [JournalEntry] {
        compactMap { if case .write(let entry) = $0 { entry } else { nil } }
    }
}
