// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import Supervisor
import Trading

/// Reads the limits of orders as a gateway would.
struct LimitsCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "limits" }

    func look() -> ExaminationResult {
        let settings = GatewaySettings(
            desk: scene.desk.configuration,
            folder: scene.desk.folder.root
        )
        do {
            let own = try settings.limits()
            let limits = try own.load()
            let changed = limits.differences(from: own.base).map(\.rawValue)
            let rest =
                changed.isEmpty ? "" : ", set by the owner: \(changed.joined(separator: ", "))"
            return ExaminationResult(detail: "\(limits.hash.description.prefix(12))\(rest)")
        } catch {
            return ExaminationResult([
                Finding(
                    .limitsUnusable,
                    at: OrderLimits.fileName,
                    "\(error)",
                    remedy: "put the line right; docs/order-limits.md has the keys"
                )
            ])
        }
    }
}
