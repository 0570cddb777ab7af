// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// The refused outputs of a desk, one private file each, bounded in number, bytes and age.
///
/// They stand in `.loopdesk/refused/<agent>/<turn>-<number>.json`. What agents wrote stands in them
/// as base64, so nothing there is ever run, followed or taken for settings.
public struct RefusedStore: Sendable {
    /// The most outputs that are kept for one agent.
    public static let countLimit = 32
    /// The most bytes that are kept for one agent.
    public static let limitBytes = 16 << 20
    /// How long they are kept, in days.
    public static let days: Int64 = 30
    /// The longest file that is read back; content grows by a third in base64.
    private static let fileLimitBytes = 8 << 20

    /// The name of one refused output.
    public struct ID: Sendable, Hashable, CustomStringConvertible {
        /// The agent that wrote it.
        public let agent: AgentName
        /// The turn in which it was written.
        public let turn: Int
        /// Which one of the turn, from 1.
        public let number: Int

        /// Reads a name such as `researcher/12-1`; nil for anything else.
        public init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, let agent = AgentName(String(parts[0])) else { return nil }
            self.init(agent, parts[1])
        }

        init?(_ agent: AgentName, _ text: some StringProtocol) {
            let numbers = text.split(separator: "-", omittingEmptySubsequences: false)
            guard numbers.count == 2, let turn = Int(numbers[0]), let number = Int(numbers[1]),
                turn >= 0, number > 0
            else { return nil }
            (self.agent, self.turn, self.number) = (agent, turn, number)
        }

        init(_ agent: AgentName, turn: Int, number: Int) {
            (self.agent, self.turn, self.number) = (agent, turn, number)
        }

        /// The name, such as `researcher/12-1`.
        public var description: String { "\(agent)/\(turn)-\(number)" }

        var fileName: String { "\(turn)-\(number).json" }
    }

    private let folder: Folder

    /// Names the store of a desk; nothing is made yet.
    public init(_ desk: DeskFolder) {
        folder = desk.refused
    }

    /// Keeps an output, and drops the oldest of its agent when there are too many.
    ///
    /// The same output of the same turn is kept once.
    /// - Throws: A `FileError` when the disk refuses.
    func keep(_ output: RefusedOutput) throws(FileError) -> ID {
        let own = folder.folder(output.agent.description)
        try folder.create(isPrivate: true)
        try own.create(isPrivate: true)
        let bytes = output.json.compactBytes
        let known = try ids(of: output.agent)
        for id in known where id.turn == output.turn {
            // One that cannot be read is not the same.
            let same = try? own.read(id.fileName, limitBytes: Self.fileLimitBytes) == bytes
            if same == true { return id }
        }
        let last = known.filter { $0.turn == output.turn }.map(\.number).max() ?? 0
        let id = ID(output.agent, turn: output.turn, number: last + 1)
        try makeRoom(for: bytes.count, in: own, known)
        try own.replace(id.fileName, with: bytes, isPrivate: true)
        return id
    }

    /// The outputs that are kept, by agent and turn.
    /// - Throws: A `FileError` when the disk cannot be read.
    public func ids() throws(FileError) -> [ID] {
        var all: [ID] = []
        for name in try Self.names(in: folder) {
            guard let agent = AgentName(name) else { continue }
            all += try ids(of: agent)
        }
        return all
    }

    /// One output.
    /// - Throws: A `FileError`, with code `notFound` when it is not kept, and a `JSONError` when
    ///   its file is damaged.
    public func load(_ id: ID) throws -> RefusedOutput {
        let own = folder.folder(id.agent.description)
        let bytes = try own.read(id.fileName, limitBytes: Self.fileLimitBytes)
        return try RefusedOutput(json: JSON(parsing: bytes))
    }

    /// Forgets one output; one that is not kept is no error.
    /// - Throws: A `FileError`.
    public func remove(_ id: ID) throws(FileError) {
        try folder.folder(id.agent.description).removeFile(id.fileName)
    }

    /// Forgets what has been kept for longer than ``days``.
    /// - Throws: A `FileError`.
    func sweep(at now: Instant) throws(FileError) {
        let oldest = now.adding(seconds: -Self.days * 86_400)
        for id in try ids() {
            let own = folder.folder(id.agent.description)
            guard let date = own.date(of: id.fileName), date < oldest else { continue }
            try own.removeFile(id.fileName)
        }
    }

    private func ids(of agent: AgentName) throws(FileError) -> [ID] {
        try Self.names(in: folder.folder(agent.description))
            .compactMap { name in
                guard name.hasSuffix(".json") else { return nil }
                return ID(agent, name.dropLast(5))
            }
            .sorted { ($0.turn, $0.number) < ($1.turn, $1.number) }
    }

    private func makeRoom(for count: Int, in own: Folder, _ known: [ID]) throws(FileError) {
        var sizes: [(id: ID, size: Int, date: Instant)] = []
        for id in known {
            // One that is gone by now takes no room.
            guard let size = try? own.size(of: id.fileName), let date = own.date(of: id.fileName)
            else { continue }
            sizes.append((id, size, date))
        }
        // A desk that was started over counts turns from 1 again, so the oldest go by their date.
        sizes.sort { ($0.date, $0.id.turn, $0.id.number) < ($1.date, $1.id.turn, $1.id.number) }
        var total = sizes.reduce(count) { $0 + $1.size }
        var left = sizes.count + 1
        for old in sizes where left > Self.countLimit || total > Self.limitBytes {
            try own.removeFile(old.id.fileName)
            total -= old.size
            left -= 1
        }
    }

    private static func names(in folder: Folder) throws(FileError) -> [String] {
        do {
            return try folder.names()
        } catch {
            guard error.code == .notFound else { throw error }
            return []
        }
    }
}
