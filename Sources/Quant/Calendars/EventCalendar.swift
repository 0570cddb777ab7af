// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Dates on which something is announced, with what it is or for whom.
public struct EventCalendar: Sendable, Hashable {
    /// One dated entry.
    public struct Event: Sendable, Hashable, Comparable {
        /// The day.
        public let date: CalendarDate
        /// The name of the event, or the symbol that it concerns.
        public let label: String

        /// Creates an entry.
        public init(date: CalendarDate, label: String) {
            self.date = date
            self.label = label
        }

        /// Orders entries by date, then by label.
        public static func < (left: Event, right: Event) -> Bool {
            (left.date, left.label) < (right.date, right.label)
        }
    }

    /// The entries, sorted, each once.
    public let events: [Event]

    /// Creates a calendar of entries in any order.
    public init(_ events: some Sequence<Event>) {
        self.events = Set(events).sorted()
    }

    /// Reads a CSV file with the columns `date,event` or `symbol,date`, in any order.
    /// - Throws: A ``QuantError``: `empty` without rows, `missingColumn` for another header,
    ///   `badRow` for a row with a bad date, symbol or number of fields.
    public init(parsing bytes: [UInt8]) throws(QuantError) {
        events = try bytes.withUnsafeBufferPointer { buffer throws(QuantError) in
            var lines = LineReader(buffer)
            guard let header = lines.next() else {
                throw Self.error(.empty, "the file is empty")
            }
            let columns = Self.fields(header)
            guard let dateColumn = columns.firstIndex(of: "date"), columns.count == 2,
                let labelColumn = columns.firstIndex(where: { $0 == "event" || $0 == "symbol" })
            else {
                throw Self.error(.missingColumn, "the header must be date,event or symbol,date")
            }
            let isSymbol = columns[labelColumn] == "symbol"
            var events: Set<Event> = []
            while let line = lines.next() {
                let fields = Self.fields(line)
                guard fields.count == 2 else {
                    throw Self.error(
                        .badRow,
                        "line \(lines.number): it has \(fields.count) fields and needs 2"
                    )
                }
                events.insert(
                    try Self.event(
                        date: fields[dateColumn],
                        label: fields[labelColumn],
                        isSymbol: isSymbol,
                        line: lines.number
                    )
                )
            }
            guard !events.isEmpty else {
                throw Self.error(.empty, "the file has a header and no rows")
            }
            return events.sorted()
        }
    }

    /// Whether anything happens on a date.
    public func contains(_ date: CalendarDate) -> Bool {
        let index = events.lowerBound { $0.date < date }
        return index < events.count && events[index].date == date
    }

    /// Whether an event, or an event of a symbol, happens on a date.
    public func contains(_ date: CalendarDate, label: String) -> Bool {
        let event = Event(date: date, label: label)
        let index = events.lowerBound { $0 < event }
        return index < events.count && events[index] == event
    }

    /// The first entry after a date, or the first of a label; nil when there is none.
    public func next(after date: CalendarDate, label: String? = nil) -> Event? {
        let index = events.lowerBound { $0.date <= date }
        guard let label else { return index < events.count ? events[index] : nil }
        return events[index...].first { $0.label == label }
    }

    private static func event(
        date text: String,
        label: String,
        isSymbol: Bool,
        line: Int
    ) throws(QuantError) -> Event {
        guard let date = CalendarDate(text) else {
            throw error(.badRow, "line \(line): '\(text)' is no date such as 2000-02-02")
        }
        guard isSymbol ? Symbol(label) != nil : !label.isEmpty else {
            throw error(.badRow, "line \(line): '\(label)' is no \(isSymbol ? "symbol" : "event")")
        }
        return Event(date: date, label: label)
    }

    private static func fields(_ line: UnsafeBufferPointer<UInt8>) -> [String] {
        line.split(separator: 0x2C, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func error(_ code: QuantError.Code, _ reason: String) -> QuantError {
        QuantError(code, operation: "read events", reason: reason)
    }
}
