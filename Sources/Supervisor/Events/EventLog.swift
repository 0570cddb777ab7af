// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// Writes the events of a desk as JSON lines, numbered without end across restarts.
///
/// Events gather in memory and are written together, once for each ``flush()``. They are an
/// account for people and tools, not a record that the desk relies on: what cannot be written is
/// dropped, counted and told later, and nothing waits for the disk. After a power cut the last
/// ones may be missing. Not for use from two threads at once.
public final class EventLog {
    /// The number of the event emitted last; 0 when there was none yet.
    public private(set) var lastNumber: Int
    /// How many events could not be written since the log was opened.
    public private(set) var droppedCount = 0

    private let wall: any WallClock
    private var file: RotatingFile
    private var buffer: [UInt8] = []
    private var buffered = 0
    /// Events lost since the last that told of it, and why.
    private var untold: (count: Int, reason: String)?

    /// The usual size of a file.
    public static let defaultRotateBytes = 10 << 20
    /// The usual number of full files that are kept.
    public static let defaultKeep = 5
    /// The most bytes that gather between two writes; events beyond it are dropped.
    public static let bufferLimitBytes = 1 << 20

    /// The names of a desk's files of events.
    public static func files(of desk: DeskFolder) -> RotatedFiles {
        RotatedFiles(in: desk.events, base: "events")
    }

    /// Opens the log of a desk and finds the number to go on with.
    ///
    /// A log that cannot be read is gone on with from 1; nothing here stops a desk.
    public init(
        _ desk: DeskFolder,
        wall: any WallClock,
        rotateBytes: Int = EventLog.defaultRotateBytes,
        keep: Int = EventLog.defaultKeep
    ) {
        self.wall = wall
        let files = Self.files(of: desk)
        file = RotatingFile(files, rotateBytes: rotateBytes, keep: keep)
        lastNumber = Self.lastNumber(in: files)
    }

    /// Notes an event; cheap, since nothing is written before ``flush()``.
    /// - Parameters:
    ///   - event: What happened.
    ///   - time: Desk time of the turn or bar that it belongs to, if it belongs to one.
    public func emit(_ event: DeskEvent, at time: Instant? = nil) {
        if let untold, buffer.count < Self.bufferLimitBytes {
            self.untold = nil
            append(.eventsDropped(count: untold.count, reason: untold.reason), nil)
        }
        append(event, time)
    }

    /// Writes what has gathered with one write.
    ///
    /// What cannot be written is dropped and counted; the next event to be written tells of it.
    public func flush() {
        guard buffered > 0 else { return }
        do {
            try file.append(buffer)
        } catch {
            drop(buffered, because: error.description)
        }
        buffer.removeAll(keepingCapacity: buffer.count <= 64 << 10)
        buffered = 0
    }

    private func append(_ event: DeskEvent, _ time: Instant?) {
        lastNumber += 1
        guard buffer.count < Self.bufferLimitBytes else {
            drop(1, because: "more than \(Self.bufferLimitBytes) bytes between two writes")
            return
        }
        var members = [
            JSON.Member("seq", .int(Int64(lastNumber))),
            JSON.Member("time", .string(wall.now().description)),
            JSON.Member("desk_time", time.map { .string($0.description) } ?? .null),
            JSON.Member("event", .string(event.name)),
        ]
        if let agent = event.agent {
            members.append(JSON.Member("agent", .string(agent.description)))
        }
        buffer += JSON.object(members + event.fields).compactBytes
        buffer.append(0x0A)
        buffered += 1
    }

    private func drop(_ count: Int, because reason: String) {
        droppedCount += count
        untold = ((untold?.count ?? 0) + count, reason)
    }

    /// The number of the last whole event on disk.
    private static func lastNumber(in files: RotatedFiles) -> Int {
        // Files that cannot be listed leave only the newest to look at.
        let older = (try? files.numbers()) ?? []
        for name in [files.newest] + older.reversed().map(files.name) {
            if let number = lastNumber(in: files.folder, name) { return number }
        }
        return 0
    }

    private static func lastNumber(in folder: Folder, _ name: String) -> Int? {
        // A file that is missing or unreadable has no number to go on with.
        guard let size = try? folder.size(of: name),
            // As above.
            let tail = try? folder.read(name, from: max(0, size - tailBytes))
        else { return nil }
        for line in tail.split(separator: 0x0A).reversed() {
            // The last line may be torn, and the first may be the end of a longer one.
            if let json = try? JSON(parsing: line), let number = json["seq"]?.intValue {
                return number
            }
        }
        return nil
    }

    /// How much of a file is looked at from its end; more than two of the longest events.
    private static let tailBytes = 256 << 10
}
