// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Processes
import Trading

extension GatewayServer {
    /// How long to wait when nothing happens, in milliseconds; without end when nothing can.
    var patience: Int32 {
        alarms?.watch != nil || service.hasUnfinishedBusiness || service.brokerDescriptor >= 0
            ? 250 : -1
    }

    /// Looks at the broker before anybody is served, so that the first orders need not be refused;
    /// one that does not answer is waited for no longer than this.
    func awaitBroker() {
        guard let alarms else { return }
        let end = alarms.clock.deadline(in: Self.brokerWait)
        while service.awaitsBroker, alarms.clock.now() < end {
            var entry = pollfd(fd: service.brokerDescriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, 100)
            heedAlarms(true)
            service.attendBroker(at: alarms.clock.now())
        }
    }

    /// Shorter than the supervisor waits for an answer.
    private static let brokerWait: Duration = .seconds(10)

    /// Looks what may halt the desk, and does it.
    func heedAlarms(_ hasRung: Bool) {
        guard let alarms else { return }
        if alarms.signal?.hasRung() == true {
            service.engageHalt(.signal, "SIGUSR1", flatten: service.settings.flattensOnHalt)
            log("halted by a signal", nil)
        }
        if hasRung || service.hasUnfinishedBusiness {
            alarms.doorbell?.clear()
            service.payDebts()
            service.heedHalt()
        }
        let (isAway, isGone) = alarms.lookForRisk()
        if isAway, !service.isRiskAway { log("nothing is entered without the risk agent", .risk) }
        service.isRiskAway = isAway
        if isGone, !service.halt.isHalted {
            service.engageHalt(
                .absence,
                "the risk agent has been away for \(RiskWatch.absence)",
                flatten: service.settings.flattensOnHalt
            )
        }
    }
}
