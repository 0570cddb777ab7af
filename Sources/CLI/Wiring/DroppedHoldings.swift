// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Quant
import Supervisor
import Trading

/// What a desk holds and does not trade any more.
///
/// The gateway guards it by the bars of the feed, which has every row of its file. Where no bars of
/// it can be expected, nothing would, and the desk is not started.
struct DroppedHoldings {
    /// The sessions that an instrument may have been without a bar.
    private static let patience = 10

    private let desk: OpenDesk
    private let held: [(instrument: InstrumentID, quantity: Decimal8)]

    /// Looks into the ledger of a desk at rest.
    /// - Throws: A `GatewayError` when it cannot be read.
    init(_ desk: OpenDesk) throws {
        self.desk = desk
        let symbols = Set(desk.configuration.market.symbols)
        held = try LedgerReader.held(desk).filter { !symbols.contains($0.key.description) }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Says what is guarded and not entered any more.
    /// - Throws: A ``Failure`` that says what nothing would guard, and what to do.
    func requireGuarded(note: (String) -> Void) throws {
        for (instrument, quantity) in held {
            if let reason = try unguarded(instrument) {
                throw Failure(
                    "\(quantity) \(instrument) is held and not one of market.symbols, and"
                        + " \(reason), so that nothing would guard it; list it again until it is"
                        + " closed (products in limits.yml can keep it from being entered)",
                    .badData
                )
            }
            note(
                "\(quantity) \(instrument) is held and not one of market.symbols; its exit plan and"
                    + " the kill switch go on by the bars of the feed, and it is not entered again"
            )
        }
    }

    /// Why no bars of an instrument are to be expected; nil when they are.
    private func unguarded(_ instrument: InstrumentID) throws -> String? {
        guard case .csv(let path) = desk.configuration.market.feed else {
            return "a simulated market has no bars of it"
        }
        guard desk.configuration.fetch == nil else {
            return "market.feed.fetch does not ask for its bars"
        }
        let feed = try desk.configuration.loadFeed(in: desk.folder.root)
        let isThere = feed.instants.suffix(Self.patience).contains { instant in
            feed.bars(at: instant).contains { bar in
                bar.acceptedBar?.symbol.description == instrument.description
            }
        }
        return isThere ? nil : "\(path) has no bars of it in its last \(Self.patience) sessions"
    }
}
