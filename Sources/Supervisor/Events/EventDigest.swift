// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What the newest file of events tells of clock, version and agents.
struct EventDigest {
    /// When the desk came up last, and as what.
    struct Start {
        let processID: Int
        let version: String
    }

    /// Where the time of day went back from one event to the next, oldest first.
    private(set) var jumps: [(from: Instant, to: Instant)] = []
    private(set) var lastUp: Start?
    /// The newest event about a turn of each agent, by its name.
    private(set) var lastTurns: [String: String] = [:]

    /// The largest file that is read; a longer one tells nothing.
    static let limitBytes = 128 << 20
    /// Events of two threads may be this far out of order.
    static let toleranceNanoseconds: Int64 = 1_000_000_000

    /// Reads the events of a desk; one that has none tells nothing.
    /// - Throws: A `FileError` when the disk cannot be read.
    init(_ desk: DeskFolder) throws {
        let files = EventLog.files(of: desk)
        guard files.folder.contains(files.newest) else { return }
        let bytes = try files.folder.read(files.newest, limitBytes: Self.limitBytes)
        var last: Instant?
        for line in bytes.split(separator: 0x0A) {
            // A torn line is no event.
            guard let json = try? JSON(parsing: line), let name = json["event"]?.stringValue else {
                continue
            }
            if let time = json["time"]?.stringValue.flatMap({ Instant($0) }) {
                noteTime(time, after: last)
                last = time
            }
            note(name, json)
        }
    }

    private mutating func noteTime(_ time: Instant, after last: Instant?) {
        guard let last,
            time.nanosecondsSinceEpoch + Self.toleranceNanoseconds
                < last.nanosecondsSinceEpoch
        else { return }
        jumps.append((last, time))
    }

    private mutating func note(_ name: String, _ json: JSON) {
        if name == "desk.up" {
            lastTurns = [:]
            lastUp = Start(
                processID: json["pid"]?.intValue ?? 0,
                version: json["version"]?.stringValue ?? ""
            )
        }
        guard name.hasPrefix("turn."), let agent = json["agent"]?.stringValue else { return }
        lastTurns[agent] = name
    }
}
