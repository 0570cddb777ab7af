// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// The last part of an order's way when there is a broker: written down with what it leads to, as
/// one change, and then sent.
extension GatewayService {
    /// Why an order cannot go to the broker; nil when it can, or when there is none.
    ///
    /// Not on record: for what depends on the moment, asking again may get another answer.
    func brokerRefusal(of order: Order) -> String? {
        guard let broker, case .entry(let plan) = order.purpose else { return nil }
        guard broker.settings.link != nil else {
            return "nothing is entered in the past; the desk trades through a broker"
        }
        // Why is not said to an agent: it may be in the words of somebody outside.
        guard broker.dispatcher.isReconciled else { return "the broker was not looked at yet" }
        guard !broker.dispatcher.isHalted else { return Rejection.halted.rawValue }
        guard permits[order.signal] != nil else { return "no verdict has passed on its intent" }
        guard broker.dispatcher.externalPositions[order.instrument] == nil else {
            return "somebody holds \(order.instrument) by hand at the broker"
        }
        guard broker.dispatcher.reshaped[order.instrument] == nil else {
            return "the broker holds another quantity of \(order.instrument) than was traded"
        }
        if case .refused(let reason) = broker.settings.terms.entry(order, plan) { return reason }
        return nil
    }

    /// Takes an order that every check has let pass to the broker.
    mutating func takeToBroker(_ submission: Submission) throws(RequestFailure) {
        guard var dispatcher = broker?.dispatcher, let terms = broker?.settings.terms else {
            return
        }
        let order = submission.order
        var effects: [DispatchEffect] = []
        switch order.purpose {
        case .entry(let plan):
            guard case .order(let order, let stop) = terms.entry(order, plan),
                let permit = permits[submission.order.signal]
            else { return }
            effects = dispatcher.enter(order, verdict: permit.verdict, stop: stop)
        case .exit(let entry, _): effects = dispatcher.close(entry, .exit)
        }
        let entries = effects.entries
        let delay = exchange.delay
        try recording { ledger throws(GatewayError) in
            try ledger.record(submission, delay: delay, journal: entries)
        }
        exchange.record(submission)
        broker?.dispatcher = dispatcher
        act(effects)
    }

    /// Closes everything at the broker, whoever asks for it.
    mutating func closeAllAtBroker(isUrgent: Bool) {
        perform(isUrgent: isUrgent) { $0.closeAll(.closeAll) }
    }
}
