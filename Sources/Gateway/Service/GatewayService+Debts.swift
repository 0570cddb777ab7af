// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// What has happened and is not in the ledger yet, because the disk refused.
enum LedgerDebt {
    case control(Control)
    case settlement(Settlement)
    case journal([JournalEntry])
}

/// A halt takes effect before the ledger has it, so that a full disk cannot stop it. Until the
/// ledger has caught up, nothing else is recorded.
extension GatewayService {
    /// Takes something in at once, and lets the ledger have it as soon as it can.
    mutating func owe(_ debt: LedgerDebt) {
        switch debt {
        case .control(let control):
            guard !exchange.controls.contains(control) else { return }
            exchange.record(control)
        case .settlement(let settlement): exchange.apply(settlement)
        case .journal: break
        }
        debts.append(debt)
    }

    /// Records what is owed, oldest first, as far as the disk allows.
    public mutating func payDebts() {
        while let debt = debts.first {
            do throws(GatewayError) {
                switch debt {
                case .control(let control): try ledger.record(control)
                case .settlement(let settlement): try ledger.record(settlement)
                case .journal(let entries): try ledger.record(entries)
                }
            } catch {
                settings.complain("\(error)")
                return
            }
            debts.removeFirst()
        }
    }
}
