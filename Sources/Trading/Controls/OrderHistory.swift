// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The orders that were let through, as far as later ones are judged by them.
///
/// Orders are noted in the order of their times. What is older than a limit can reach is dropped,
/// but for the signals, each of which may ask once and no more.
public struct OrderHistory: Sendable {
    private struct Ask: Hashable {
        let strategy: String
        let instrument: InstrumentID
        let side: Side
        let purpose: String
    }

    private var signals: Set<String> = []
    private var lastAsked: [Ask: Instant] = [:]
    private var recent: [Instant] = []
    /// How many asks may gather before the oldest are dropped.
    private var askLimit = 4_096

    /// Creates a history without orders.
    public init() {}

    /// Notes an order that was let through.
    public mutating func note(_ request: OrderRequest, at time: Instant) {
        signals.insert(request.signal)
        lastAsked[Self.ask(request)] = time
        dropOldAsks(at: time)
        count(at: time)
    }

    /// Counts an order that was refused and is kept on record, so that those have a limit as well.
    public mutating func count(at time: Instant) {
        let start = time.adding(seconds: -60)
        recent.removeFirst(recent.prefix { $0 <= start }.count)
        recent.append(time)
    }

    private mutating func dropOldAsks(at time: Instant) {
        guard lastAsked.count > askLimit else { return }
        let oldest = time.adding(seconds: -Self.longestWindow)
        lastAsked = lastAsked.filter { $0.value >= oldest }
        askLimit = max(4_096, 2 * lastAsked.count)
    }

    /// The seconds of the longest window against duplicates that an owner can set.
    static let longestWindow: Int64 = 365 * 86_400

    /// Whether a signal has asked before.
    func hasUsed(_ signal: String) -> Bool { signals.contains(signal) }

    /// When the same strategy asked for the same thing last.
    func lastTime(of request: OrderRequest) -> Instant? { lastAsked[Self.ask(request)] }

    /// How many orders came within the minute that ends at a time.
    func count(inMinuteBefore time: Instant) -> Int {
        let start = time.adding(seconds: -60)
        return recent.reversed().prefix { $0 > start }.count
    }

    private static func ask(_ request: OrderRequest) -> Ask {
        let purpose =
            switch request.purpose {
            case .entry: ""
            case .exit(let entry): entry.description
            }
        return Ask(
            strategy: request.strategy,
            instrument: request.instrument,
            side: request.side,
            purpose: purpose
        )
    }
}
