// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes
import Trading

extension GatewayServer {
    /// How long to wait when nothing happens, in milliseconds; without end when nothing can.
    var patience: Int32 {
        alarms?.watch != nil || service.hasUnfinishedBusiness ? 250 : -1
    }

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
