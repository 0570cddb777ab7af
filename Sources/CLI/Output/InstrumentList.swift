// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Trading

/// What `instruments` prints without a code: the newest row of each product.
struct InstrumentList {
    private let rows: [InstrumentTerms]

    init(_ tables: InstrumentTables) {
        rows = tables.products.compactMap { tables.terms(of: $0).last }
    }

    /// The object that `--json` prints.
    var json: JSON {
        [
            "instruments": .array(
                rows.map { row in
                    [
                        "product": .string(row.product),
                        "kind": .string(row.kind.rawValue),
                        "marketplace": .string(row.marketplace.rawValue),
                        "multiplier": .string(row.multiplier.description),
                        "night_end": row.nightEnd.map { .string($0.description) } ?? .null,
                        "effective_from": .string(row.effectiveFrom.description),
                    ]
                }
            )
        ]
    }

    /// Prints a table of the products that are no shares, and the shares in one line.
    func say(to console: Console) {
        let titles = ["product", "kind", "listed at", "multiplier", "price step", "night", "from"]
        let others = rows.filter { $0.kind != .share }.map { row in
            var step = "5 figures"
            if case .step(let tick, _) = row.grid { step = tick.description }
            return [
                row.product, row.kind.rawValue, row.marketplace.rawValue,
                row.multiplier.description, step,
                row.nightEnd.map { "21:00-\($0)" } ?? "-", row.effectiveFrom.description,
            ]
        }
        console.columns([titles] + others)
        let shares = rows.filter { $0.kind == .share }.map(\.product)
        console.say("\nshares: \(shares.joined(separator: " "))")
    }
}
