// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import Supervisor
import Trading

/// Looks at the ledger of a desk at rest.
struct LedgerCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "ledger" }

    private var place: String { ".loopdesk/ledger.sqlite" }

    func look() throws -> ExaminationResult {
        let folder = scene.desk.folder
        guard try !LedgerReader.isLost(folder, scene.desk.repository) else { return lost }
        // While a desk runs, its ledger belongs to the gateway.
        guard !scene.isRunning else { return ExaminationResult(detail: "in use by the gateway") }
        guard LedgerReader.isThere(folder) else { return ExaminationResult(detail: "none yet") }
        let account: AccountReport
        do {
            account = try LedgerReader.account(scene.desk)
        } catch {
            return ExaminationResult([
                Finding(
                    .ledgerUnreadable,
                    at: place,
                    "\(error)",
                    remedy: "bring back a copy, or start over with loopdesk replay --fresh"
                )
            ])
        }
        var findings: [Finding] = []
        if account.state != .active {
            findings.append(
                Finding(
                    .ledgerHalted,
                    at: place,
                    "trading is \(account.state.rawValue): positions are closed, none is opened",
                    remedy: "loopdesk explain tells why; loopdesk resume lifts it"
                )
            )
        }
        return ExaminationResult(
            findings,
            detail: "equity \(account.equity), \(account.lots.count) open lots,"
                + " \(account.state.rawValue)"
        )
    }

    private var lost: ExaminationResult {
        ExaminationResult([
            Finding(
                .ledgerMissing,
                at: place,
                "gone or empty, although agents have had turns; a new one would begin with the"
                    + " capital and without what is held",
                remedy: "put a backup of the file back while the desk is down, or start over with"
                    + " loopdesk replay --fresh"
            )
        ])
    }
}
