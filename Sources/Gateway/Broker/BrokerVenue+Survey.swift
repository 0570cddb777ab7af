// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import MCP
import Trading

/// A look at everything that a broker knows.
extension BrokerVenue {
    /// The most pages of executions that are read at once.
    static let pageLimit = 200
    /// How often a look is taken again because something was filled in the middle of it.
    static let lookLimit = 3

    /// Executions, open orders and positions, of the same moment as far as that can be told:
    /// nothing was filled between the first call and the last.
    func survey(_ number: Int) async throws -> [VenueReport] {
        for _ in 0..<Self.lookLimit {
            try await readFills()
            let before = fills.count
            let open = try await readOpen()
            let positions = try await readPositions()
            try await readFills()
            guard fills.count == before else { continue }
            return [
                .survey(
                    .init(
                        number: number,
                        open: open,
                        fills: fills.values.sorted { $0.id < $1.id },
                        positions: positions
                    )
                )
            ]
        }
        throw Trouble(text: "the broker fills faster than it can be looked at")
    }

    /// Reads executions, the newest first, until there are none that are not known.
    private func readFills() async throws {
        let list = translator.mapping.fills
        var found: [VenueFill] = []
        var call = list.call
        var last: String?
        for _ in 0..<Self.pageLimit {
            let words = last.map { ["last": $0] } ?? [:]
            let page = try await read(list, call, words)
            for entry in page {
                guard let fill = translator.fill(entry) else {
                    throw Trouble(
                        text: "an execution cannot be read: \(entry.compactText.prefix(200))"
                    )
                }
                last = fill.id
                guard fills[fill.id] == nil else { continue }
                found.append(try await named(fill))
            }
            let isLast = list.full.map { page.count < $0 } ?? true
            let isKnown = page.allSatisfy { entry in
                translator.fill(entry).map { fills[$0.id] != nil } ?? false
            }
            guard !isLast, !isKnown, let next = list.next else {
                if !isLast, !isKnown {
                    throw Trouble(text: "there are more executions than a page")
                }
                // Only now, so that a look that failed leaves no gap behind.
                for fill in found { fills[fill.id] = fill }
                return
            }
            call = next
        }
        throw Trouble(text: "there are more than \(Self.pageLimit) pages of executions")
    }

    /// The execution with our id of its order; without one it is of somebody else's.
    private func named(_ fill: BrokerTranslator.FoundFill) async throws -> VenueFill {
        VenueFill(
            id: fill.id,
            order: try await ownID(of: fill.venueID),
            instrument: fill.instrument,
            side: fill.side,
            quantity: fill.quantity,
            price: fill.price
        )
    }

    private func ownID(of venueID: String) async throws -> OrderID? {
        if let known = ownIDs[venueID] { return known }
        let result = try await call(translator.mapping.find, words: ["venue_id": venueID])
        guard let found = translator.names(in: result), found.venueID == venueID else {
            throw Trouble(text: "the order \(venueID) cannot be read: \(result.text.prefix(200))")
        }
        // An id that could not be ours is somebody else's.
        let id = try? OrderID(anyKind: found.id)
        ownIDs[venueID] = .some(id)
        if let id { venueIDs[id] = venueID }
        return id
    }

    private func readOpen() async throws -> [OrderID: Quantity] {
        let list = translator.mapping.open
        let entries = try await readWhole(list, "open orders")
        var open: [OrderID: Quantity] = [:]
        for entry in entries {
            if translator.names(entry) != nil, translator.hasNoQuantity(entry) { continue }
            guard let order = translator.order(entry) else {
                throw Trouble(
                    text: "an open order cannot be read: \(entry.compactText.prefix(200))"
                )
            }
            guard
                // As above.
                let id = try? OrderID(anyKind: order.id),
                // One of which nothing is left is as good as filled.
                order.filled < order.quantity,
                // What is no quantity is no order of the desk's.
                let quantity = try? Quantity(order.quantity)
            else { continue }
            note(order.venueID, is: id)
            open[id] = quantity
        }
        return open
    }

    private func readPositions() async throws -> [InstrumentID: Decimal8] {
        var positions: [InstrumentID: Decimal8] = [:]
        for entry in try await readWhole(translator.mapping.positions, "positions") {
            guard let (instrument, quantity) = translator.position(entry) else {
                throw Trouble(
                    text: "a position cannot be read: \(entry.compactText.prefix(200))"
                )
            }
            guard positions.updateValue(quantity, forKey: instrument) == nil else {
                throw Trouble(text: "the position in \(instrument) is told twice")
            }
        }
        return positions
    }

    /// A list that has to be whole.
    private func readWhole(_ list: BrokerMapping.List, _ what: String) async throws -> [JSON] {
        let entries = try await read(list, list.call, [:])
        if let full = list.full, entries.count >= full {
            throw Trouble(text: "there are \(full) \(what) or more, and all have to be known")
        }
        return entries
    }

    private func read(
        _ list: BrokerMapping.List,
        _ call: BrokerMapping.Call,
        _ words: [String: String]
    ) async throws -> [JSON] {
        let result = try await self.call(call, words: words)
        guard let entries = translator.list(list, in: result) else {
            throw Trouble(
                text: "\(call.tool) gave no list at \(list.path): \(result.text.prefix(200))"
            )
        }
        return entries
    }
}
