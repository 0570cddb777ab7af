// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What an agent has asked for in the turn that it is at, on the disk before and after each call.
///
/// An attempt that is made again gets the answers of the one before. A call of a tool that was
/// begun, and of which nobody knows what came, is not made again.
struct CallJournal {
    /// How a request stands.
    enum Entry {
        /// It was never made.
        case new
        /// It came to something.
        case done(CallRecord)
        /// It was begun before this process was started, and its outcome is not known.
        case unknown
    }

    private struct Line {
        let request: ContentHash
        /// The place among equal requests of one attempt, from 0.
        let place: Int
        let record: CallRecord?
    }

    private let folder: Folder
    private let name: String
    private let isDurable: Bool
    let turn: Int
    private var lines: [Line] = []
    /// Whether the file is there, ends in a whole line, and is worth going on with.
    private var canGrow = false

    private static let limitBytes = 256 << 20
    /// Up to here what earlier turns have left stays in the file, as to make it anew costs more.
    private static let leftBytes = 16 << 10

    /// Takes up the journal of a turn; one of another turn is of no use.
    /// - Throws: A `FileError` when there is one that cannot be read.
    init(_ desk: DeskFolder, _ agent: AgentName, turn: Int, isDurable: Bool) throws(FileError) {
        folder = desk.runtime.folder("calls")
        name = "\(agent).jsonl"
        self.turn = turn
        self.isDurable = isDurable
        let bytes = try folder.readIfPresent(name, limitBytes: Self.limitBytes) ?? []
        for line in bytes.lines(beginningWith: Self.begin(of: turn)) {
            // The last line may have been cut by a kill.
            guard let json = try? JSON(parsing: Array(line)),
                let request = json["request"]?.stringValue.flatMap({ ContentHash(hex: $0) }),
                let place = json["place"]?.intValue
            else { continue }
            // A record that cannot be read leaves its call unknown.
            let record = json["record"].flatMap { try? CallRecord(json: $0) }
            lines.append(Line(request: request, place: place, record: record))
        }
        canGrow = bytes.last == 0x0A && (!lines.isEmpty || bytes.count <= Self.leftBytes)
    }

    /// How a request stands.
    func entry(_ request: ContentHash, place: Int) -> Entry {
        let found = lines.filter { $0.request == request && $0.place == place }
        if let record = found.compactMap(\.record).last { return .done(record) }
        return found.isEmpty ? .new : .unknown
    }

    /// Notes that a request is about to be made.
    /// - Throws: A `FileError` when that cannot be kept; it must not be made then.
    mutating func begin(_ request: ContentHash, place: Int) throws(FileError) {
        try add(Line(request: request, place: place, record: nil))
    }

    /// Notes what came of it.
    /// - Throws: A `FileError` when that cannot be kept.
    mutating func finish(_ record: CallRecord, place: Int) throws(FileError) {
        try add(Line(request: record.request, place: place, record: record))
    }

    /// Forgets what models said, so that another attempt asks them anew; what tools did stays done.
    mutating func forgetModels() throws(FileError) {
        let kept = lines.filter { $0.record?.kind != .model }
        guard kept.count < lines.count else { return }
        let models = Set(lines.filter { $0.record?.kind == .model }.map(\.request))
        lines = kept.filter { !models.contains($0.request) }
        try writeAnew(lines)
    }

    private mutating func add(_ line: Line) throws(FileError) {
        if canGrow {
            // Nothing may follow a line that could be written in part only.
            canGrow = false
            try folder.append(bytes(line), to: name, durable: isDurable)
            canGrow = true
        } else {
            try writeAnew(lines + [line])
        }
        lines.append(line)
    }

    private mutating func writeAnew(_ lines: [Line]) throws(FileError) {
        try folder.create()
        try folder.replace(name, with: lines.flatMap(bytes), durable: isDurable)
        canGrow = true
    }

    private func bytes(_ line: Line) -> [UInt8] {
        let json: JSON = [
            "request": .string(line.request.description), "place": .int(Int64(line.place)),
            "record": line.record?.json ?? .null,
        ]
        // The number of the turn comes first, so that others are passed over unread.
        return Self.begin(of: turn) + json.compactBytes.dropFirst() + [0x0A]
    }

    private static func begin(of turn: Int) -> [UInt8] { Array("{\"turn\":\(turn),".utf8) }
}
