// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Requests for turns that wait on disk, each taken in once however often it comes.
///
/// A request is a file whose name is made of its id, so that making the file is also the check
/// whether it came before. What was accepted is on the disk when ``accept(_:)`` returns and stays
/// there through kills and power cuts until ``finish(_:at:)``. Any number of processes may accept
/// at once; one takes the requests.
///
/// A request whose turn was committed right before a power cut can be waiting again afterwards:
/// the commit's trailer names it, so look there before running it a second time.
public struct TriggerSpool: Sendable {
    /// What became of a request.
    public enum Acceptance: Sendable, Hashable {
        /// It waits for its turn.
        case new
        /// It came before; whether it waits still or has been run, nothing more is to do.
        case duplicate
        /// So many requests of the agent wait already that it was not taken; try again later.
        case full
    }

    /// The folder of requests that wait; a ``/Processes/Doorbell`` on it rings at each new one.
    public let waiting: Folder
    /// The most requests of one agent that may wait; processes that accept at once may exceed it
    /// by one each.
    public let limit: Int

    let remembered: Folder
    let broken: Folder
    let parts: Folder

    /// The usual most requests of one agent that may wait.
    public static let defaultLimit = 64
    /// The most finished requests whose ids are remembered.
    public static let memoryLimit = 100_000
    /// The most unreadable files that are kept for a look.
    public static let brokenLimit = 100

    /// Opens the spool of a desk and makes its folders when they are missing.
    /// - Throws: A `FileError` when they cannot be made.
    public init(_ desk: DeskFolder, limit: Int = TriggerSpool.defaultLimit) throws(FileError) {
        precondition(limit > 0, "an agent's spool holds at least one request")
        self.limit = limit
        waiting = desk.triggers.folder("waiting")
        remembered = desk.triggers.folder("remembered")
        broken = desk.triggers.folder("broken")
        parts = desk.triggers.folder("parts")
        for folder in [waiting, remembered, broken, parts] { try folder.create() }
        try desk.triggers.flush()
    }

    /// Takes a request in, unless it came before or too many wait.
    ///
    /// For `new` and for `duplicate`, the request is on the disk when the call returns.
    /// - Throws: A `FileError` when it cannot be kept; it may then be sent again.
    public func accept(_ request: TriggerRequest) throws(FileError) -> Acceptance {
        try accept(request, beforeSecondLook: {})
    }

    /// As ``accept(_:)``, with a place for tests between the new file and the second look.
    package func accept(
        _ request: TriggerRequest,
        beforeSecondLook: () throws(FileError) -> Void
    ) throws(FileError) -> Acceptance {
        let name = request.name
        if remembered.contains(name) { return .duplicate }
        if !waiting.contains(name), try count(of: request.agent) >= limit { return .full }
        let new = try waiting.createExclusively(
            name,
            with: request.fileBytes,
            parts: parts,
            date: request.time
        )
        guard let new else { return .duplicate }
        try beforeSecondLook()
        // It may have been finished between the look into the memory and the new file. The reader
        // passes such a file over, so that it is not run even if this process ends here. What is
        // remembered by the new file itself has had its turn already.
        guard let known = remembered.stamp(of: name), !known.isOfSameFile(as: new) else {
            return .new
        }
        try waiting.removeFile(name)
        return .duplicate
    }

    /// The requests that wait, oldest first.
    ///
    /// A file that is not what was written is set aside and never in the way of the others.
    /// - Parameters:
    ///   - limit: The most requests returned.
    ///   - limitBytes: The most bytes of payloads returned, exceeded only by a single request.
    ///   - report: Told the path to which an unreadable file was moved.
    /// - Returns: The requests; those beyond the limits come once these are finished.
    /// - Throws: A `FileError` when the disk cannot be read.
    public func pending(
        limit: Int = 256,
        limitBytes: Int = 16 << 20,
        setAside report: (String) -> Void = { _ in }
    ) throws(FileError) -> [TriggerRequest] {
        var requests: [TriggerRequest] = []
        var bytes = 0
        for name in try namesByAge(in: waiting) {
            guard requests.count < limit, bytes < limitBytes else { break }
            guard !remembered.contains(name) else {
                try waiting.removeFile(name)
                continue
            }
            guard let request = try load(name, report) else { continue }
            bytes += request.payload.count
            guard requests.isEmpty || bytes <= limitBytes else { break }
            requests.append(request)
        }
        return requests
    }

    /// Takes a request out whose turn is durable, and remembers its id from then on.
    ///
    /// One that is not there any more is remembered as well.
    /// - Parameters:
    ///   - request: The request.
    ///   - time: The present, from which the time of remembering counts.
    /// - Throws: A `FileError`; finish it again then.
    public func finish(_ request: TriggerRequest, at time: Instant) throws(FileError) {
        let name = request.name
        do {
            try waiting.move(name, to: name, in: remembered)
        } catch {
            guard error.code == .notFound else { throw error }
            _ = try remembered.createExclusively(name, with: [], parts: parts)
        }
        // Its existence is all that counts from now on.
        try remembered.cut(name, to: 0)
        try remembered.setDate(of: name, to: time)
        try remembered.flush()
        try waiting.flush()
    }

    /// How many requests of an agent wait.
    /// - Throws: A `FileError` when the folder cannot be read.
    public func count(of agent: AgentName) throws(FileError) -> Int {
        let prefix = "\(agent)."
        return try waiting.names().count { $0.hasPrefix(prefix) }
    }

    /// Forgets the ids that were finished before a time, and clears away what killed processes
    /// left.
    ///
    /// Beyond the limits the oldest go first, whatever their age.
    /// - Throws: A `FileError` when the disk cannot be read or changed.
    public func sweep(before time: Instant) throws(FileError) {
        try sweep(remembered, before: time, keeping: Self.memoryLimit)
        try sweep(parts, before: time, keeping: .max)
        try sweep(broken, before: time, keeping: Self.brokenLimit)
    }

    private func sweep(
        _ folder: Folder,
        before time: Instant,
        keeping limit: Int
    ) throws(FileError) {
        var names = try namesByAge(in: folder)
        let excess = max(0, names.count - limit)
        for name in names.prefix(excess) { try remove(name, from: folder) }
        names.removeFirst(excess)
        for name in names {
            guard let date = folder.date(of: name), date < time else { continue }
            try remove(name, from: folder)
        }
    }

    private func remove(_ name: String, from folder: Folder) throws(FileError) {
        do {
            try folder.removeFile(name)
        } catch {
            // A folder that somebody put here takes no more room than its name.
            guard error.code == .wrongKind else { throw error }
        }
    }

    private func namesByAge(in folder: Folder) throws(FileError) -> [String] {
        let names = try folder.names()
        // A file that has gone meanwhile has no date and is passed over.
        return names.compactMap { name in folder.date(of: name).map { (name: name, date: $0) } }
            .sorted { ($0.date, $0.name) < ($1.date, $1.name) }
            .map(\.name)
    }

    /// Reads one request; nil when it has gone or was set aside.
    private func load(
        _ name: String,
        _ report: (String) -> Void
    ) throws(FileError) -> TriggerRequest? {
        do {
            let bytes = try waiting.read(name, limitBytes: TriggerRequest.fileLimitBytes)
            if let request = TriggerRequest(fileBytes: bytes), request.name == name {
                return request
            }
        } catch {
            switch error.code {
            // Gone, unless it is a link that leads nowhere.
            case .notFound: if !waiting.contains(name) { return nil }
            case .tooLarge, .wrongKind, .denied: break
            default: throw error
            }
        }
        try waiting.move(name, to: name, in: broken)
        report(broken.path(of: name))
        return nil
    }
}
