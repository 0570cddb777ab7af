// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Logging
import Processes

/// A gateway that dies again and again: the desk degrades, says so, and tries again.
extension LiveDesk {
    /// Whether the gateway is left alone for a while, because it did not stay alive.
    var gatewayRests: Bool {
        gatewayTrouble.map { surroundings.clock.now() < $0.tryAgainAt } ?? false
    }

    /// Does something that needs the gateway.
    /// - Returns: False when it does not stay alive; what was to be done can be tried again later.
    /// - Throws: Every other error of the body.
    func askingGateway(_ body: () throws -> Void) throws -> Bool {
        do {
            try body()
        } catch let error as SupervisorError where error.code == .gateway {
            gatewayFailed(error.description)
            return false
        }
        guard let past = gatewayTrouble else { return true }
        gatewayTrouble = nil
        events.emit(.deskRecovered(reason: past.reason))
        surroundings.logger.notice("the gateway works again", metadata: ["was": "\(past.reason)"])
        return true
    }

    private func gatewayFailed(_ reason: String) {
        let now = surroundings.clock.now()
        noteTrouble(.gateway, reason)
        guard gatewayTrouble == nil else {
            gatewayTrouble?.tryLater(than: now)
            return
        }
        gatewayTrouble = GatewayTrouble(reason, at: now)
        events.emit(.deskDegraded(reason: reason))
        surroundings.logger.error(
            "agents that need the gateway wait for it",
            metadata: ["error": "\(reason)"]
        )
    }
}
