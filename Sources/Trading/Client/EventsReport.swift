// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Some events of the gateway's, oldest first.
public struct EventsReport: Sendable, Hashable {
    /// The most events in one report.
    public static let longest = 1_000

    /// The events that follow the asked place.
    public let events: [Event]
    /// The number of the last event there is; 0 when there is none.
    public let last: Int

    /// Reports the events behind a number, at most `limit` and never more than ``longest``.
    public init(_ exchange: PaperExchange, after sequence: Int, limit: Int) {
        // Numbers are dense from 1, so an event's number is also its place.
        let start = min(max(sequence, 0), exchange.events.count)
        let end = min(start + min(max(limit, 0), Self.longest), exchange.events.count)
        events = Array(exchange.events[start..<end])
        last = exchange.events.count
    }

    /// Reads a report.
    /// - Throws: A ``TradingError``.
    public init(_ reader: MessageReader) throws(TradingError) {
        var events: [Event] = []
        for event in try reader.objects("events") { events.append(try Event(event)) }
        self.events = events
        last = try reader.int("last")
    }

    /// The report as it travels.
    public var json: JSON {
        ["events": .array(events.map(\.json)), "last": .int(Int64(last))]
    }
}
