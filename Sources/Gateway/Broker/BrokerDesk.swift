// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes
import Trading

/// The orders at a broker, beside the account that is settled from them.
struct BrokerDesk {
    let settings: BrokerSettings
    var dispatcher: OrderDispatcher
    /// The account to which the journal belongs; nil before the first look.
    var account: String?
    /// Reports that are not taken in yet, oldest first.
    var reports: [VenueReport] = []
    /// When the last tick was.
    var tickedAt: MonotonicInstant?
    /// Whether the broker's account has turned out to be another one.
    var isForeign = false
    private var told: JSON?

    /// The most reports that wait while the disk refuses; what is dropped is asked for again.
    static let longestQueue = 1_000

    init(_ settings: BrokerSettings, journal: [JournalEntry]) {
        self.settings = settings
        dispatcher = OrderDispatcher(
            rules: settings.rules,
            externalLimit: settings.externalLimit,
            journal: journal
        )
        for case .account(let number) in journal { account = number }
    }

    /// Tells how things stand, if that has changed.
    mutating func tell() {
        let standing = standing
        guard standing != told else { return }
        told = standing
        settings.tell(standing)
    }

    /// How things stand, for people and programs.
    private var standing: JSON {
        let known = settings.link?.account
        let open = dispatcher.orders.values.filter(\.standing.isOpen)
            .sorted { $0.order.id < $1.order.id }
        return [
            "account": (known?.number ?? account).map { .string($0) } ?? .null,
            "cash": known?.cash.map { .string($0) } ?? .null,
            "equity": known?.equity.map { .string($0) } ?? .null,
            "surveyed": .bool(dispatcher.isReconciled),
            "trouble": settings.link?.trouble.map { .string($0) } ?? .null,
            "positions": Self.amounts(dispatcher.positions),
            "external": Self.amounts(dispatcher.externalPositions),
            "orders": .array(open.map(\.json)),
        ]
    }

    private static func amounts(_ amounts: [InstrumentID: Decimal8]) -> JSON {
        .object(
            amounts.sorted { $0.key < $1.key }
                .map { .init($0.key.description, .string($0.value.description)) }
        )
    }
}

extension TrackedOrder {
    fileprivate var json: JSON {
        let kind =
            switch order.kind {
            case .market: "market"
            case .limit(let price): "limit \(price)"
            case .stop(let price): "stop \(price)"
            }
        return [
            "id": .string(order.id.description),
            "instrument": .string(order.instrument.description),
            "side": .string(order.side.rawValue), "kind": .string(kind),
            "quantity": .string(order.quantity.description),
            "filled": .string(filled.description), "standing": .string(standing.rawValue),
        ]
    }
}
