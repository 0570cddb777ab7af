// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Trading

/// The kill switch with a broker.
extension GatewayService {
    /// Takes open entries back and, if everything is to be closed, closes it; a disk that refuses
    /// does not stop that.
    mutating func haltBroker(flatten: Bool) {
        perform(isUrgent: true) { dispatcher in
            dispatcher.halt()
            return dispatcher.withdrawEntries()
        }
        if flatten { closeAllAtBroker(isUrgent: true) }
    }

    /// The open lots: at the broker, if there is one.
    var openLots: Int { broker?.dispatcher.heldEntries.count ?? exchange.book.account.lots.count }

    /// Whether what a halt has asked for is over: flattening at a broker takes its time.
    func isFlattened(_ flatten: Bool) -> Bool { !flatten || broker == nil || openLots == 0 }

    /// Writes down how far flattening has come, and that it is over.
    mutating func heedFlattening() {
        guard halt.isHalted, halt.lots != openLots || (!halt.isDone && isFlattened(halt.flatten))
        else { return }
        halt.lots = openLots
        halt.isDone = halt.stamp != nil && isFlattened(halt.flatten)
        write(halt)
    }
}
