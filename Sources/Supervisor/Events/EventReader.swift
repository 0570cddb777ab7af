// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// Reads the events of a desk in order, each once, while they are written.
public final class EventReader {
    /// One event as it was written.
    public struct Entry: Sendable {
        /// Its number.
        public let number: Int
        /// All of it.
        public let json: JSON

        /// The agent it is about, if it is about one.
        public var agent: String? { json["agent"]?.stringValue }
    }

    /// The number of the last event that was handed over, or where reading began.
    public private(set) var lastNumber: Int

    private let reader: RotatedReader
    private let agent: AgentName?

    /// Begins behind an event.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - number: The event after which reading begins; 0 for all that are kept.
    ///   - agent: The agent whose events are wanted; nil for all.
    public init(_ desk: DeskFolder, after number: Int = 0, agent: AgentName? = nil) {
        reader = RotatedReader(EventLog.files(of: desk))
        lastNumber = number
        self.agent = agent
    }

    /// Hands over the events written since the last call.
    ///
    /// Lines that are no events, such as one that a power cut tore, are passed over.
    /// - Throws: A `FileError` when the files cannot be read, or what the body throws.
    public func read(_ body: (Entry) throws -> Void) throws {
        var last = lastNumber
        defer { lastNumber = last }
        let agent = agent?.description
        try reader.read { line throws in
            // A torn line is no event.
            guard let json = try? JSON(parsing: line),
                let number = json["seq"]?.intValue, number > last
            else { return }
            last = number
            let entry = Entry(number: number, json: json)
            if agent == nil || entry.agent == agent { try body(entry) }
        }
    }
}
