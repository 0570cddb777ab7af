// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Desk
import Quant
import Supervisor

/// Looks at the rows of the market feed.
struct FeedCheck: ExaminationCheck {
    let desk: OpenDesk

    var name: String { "feed" }

    func look() -> ExaminationResult {
        let feed: any MarketFeed
        do {
            feed = try desk.configuration.loadFeed(in: desk.folder.root)
        } catch {
            return ExaminationResult([unusable("\(error)")])
        }
        do {
            let configuration = desk.configuration
            try configuration.requireContracts(try configuration.contracts(), in: feed)
        } catch {
            return ExaminationResult([unusable("\(error)")])
        }
        let rows = feed.instants.flatMap { feed.bars(at: $0) }
        let refused = rows.flatMap(\.faults).filter { !$0.kind.isWarning }
        guard rows.contains(where: { $0.acceptedBar != nil }) else {
            let first = refused.first.map { "; the first: \($0)" } ?? ""
            return ExaminationResult([unusable("no row of the market feed can be used\(first)")])
        }
        var findings: [Finding] = []
        if let first = refused.first {
            // One row can have several faults.
            let count = Set(refused.map(\.line)).count
            let noun = count == 1 ? "row" : "rows"
            findings.append(
                Finding(
                    .feedRowsRefused,
                    at: "market.feed",
                    "\(count) \(noun) will be refused; the first: \(first)",
                    remedy: "correct the data, or leave the rows out"
                )
            )
        }
        return ExaminationResult(
            findings,
            detail: "\(feed.instants.count) instants, \(feed.symbols.count) symbols"
        )
    }

    private func unusable(_ message: String) -> Finding {
        Finding(.feedUnusable, at: "market.feed", message, remedy: "correct the data or its path")
    }
}
