// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The events of a stream as the HTML standard has them, read from bytes as they come.
package struct EventStream {
    /// One event.
    package struct Event: Equatable {
        /// The data lines, joined by line feeds; nil for an event that has none.
        package var data: [UInt8]?
        /// The id it carries, if it does.
        package var id: String?
        /// How long to wait before the stream is taken up again, in milliseconds.
        package var retry: Int?

        package init(data: [UInt8]? = nil, id: String? = nil, retry: Int? = nil) {
            self.data = data
            self.id = id
            self.retry = retry
        }
    }

    /// The most bytes of one event.
    package let limitBytes: Int
    private var line: [UInt8] = []
    private var event = Event()
    private var size = 0
    private var endedInReturn = false
    private var isFirst = true

    package init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// Takes bytes in and gives back the events that are whole now; nil when one is too large.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [Event]? {
        takeAll(Array(bytes))
    }

    private mutating func takeAll(_ bytes: [UInt8]) -> [Event]? {
        var events: [Event] = []
        var place = 0
        while place < bytes.count {
            let isRestOfEnd = endedInReturn && bytes[place] == 0x0A
            endedInReturn = false
            if isRestOfEnd { place += 1 }
            let end = bytes[place...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
            line.append(contentsOf: bytes[place..<end])
            size += end - place
            guard size <= limitBytes else { return nil }
            guard end < bytes.count else { break }
            endedInReturn = bytes[end] == 0x0D
            if let whole = endLine() { events.append(whole) }
            place = end + 1
        }
        return events
    }

    /// Ends a line; an empty one ends the event.
    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isFirst = false
        guard line.isEmpty else {
            readField()
            return nil
        }
        defer { (event, size) = (Event(), 0) }
        return event == Event() ? nil : event
    }

    private mutating func readField() {
        let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if event.data == nil {
                event.data = Array(value)
            } else {
                event.data?.append(0x0A)
                event.data?.append(contentsOf: value)
            }
        case "id" where !value.contains(0): event.id = String(decoding: value, as: UTF8.self)
        case "retry":
            let text = String(decoding: value, as: UTF8.self)
            if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { event.retry = Int(text) }
        // Comments, which begin with a colon, names of events and unknown fields say nothing here.
        default: break
        }
    }
}
