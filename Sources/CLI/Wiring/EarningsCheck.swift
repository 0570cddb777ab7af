// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Supervisor

/// Looks whether there are dates of earnings for every symbol.
struct EarningsCheck: ExaminationCheck {
    let desk: OpenDesk

    var name: String { "earnings" }

    func look() -> ExaminationResult {
        let path = desk.configuration.market.earningsPath
        let bytes = path.flatMap { path in
            // A file that cannot be read is reported like one without rows.
            try? desk.folder.root.read(path)
        }
        // As above.
        let calendar = bytes.flatMap { try? EventCalendar(parsing: $0) }
        let known = Set(calendar?.events.map(\.label) ?? [])
        let market = desk.configuration.market
        // What is simulated publishes no earnings.
        let simulated = market.control?.symbols ?? []
        let missing = market.symbols.filter { !known.contains($0) && !simulated.contains($0) }
        guard !missing.isEmpty else { return ExaminationResult(detail: "dates for every symbol") }
        return ExaminationResult([
            Finding(
                .earningsMissing,
                at: "market.earnings",
                "no dates for \(missing.joined(separator: ", ")); the rule about earnings lets"
                    + " their entries pass",
                remedy: "add them to the file, if the desk has such a rule"
            )
        ])
    }
}
