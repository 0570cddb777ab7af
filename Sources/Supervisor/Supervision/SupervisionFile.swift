// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The file that holds the record of supervision, replaced as a whole and flushed.
struct SupervisionFile: Sendable {
    /// The file's name below the desk's runtime folder.
    static let name = "supervision.json"
    /// Where a file goes that cannot be read, so that a person can look at it.
    static let unreadableName = "supervision.json.unreadable"
    /// The largest file that is read.
    static let limitBytes = 4 << 20

    /// What a look at the file found.
    struct Found: Sendable {
        var record = SupervisionRecord()
        /// Why the file cannot be understood; nil when it can, or when none is there.
        var fault: String?
    }

    let folder: Folder

    /// Reads the record; a file that is missing or broken gives an empty one.
    ///
    /// - Throws: A ``SupervisorError`` with code `notReady` for a file of a later version, and a
    ///   `FileError` when the disk fails. The file is left as it is.
    func read() throws -> Found {
        let bytes: [UInt8]
        do {
            bytes = try folder.read(Self.name, limitBytes: Self.limitBytes)
        } catch {
            switch error.code {
            case .notFound: return Found()
            case .tooLarge, .wrongKind: return Found(fault: error.reason)
            default: throw error
            }
        }
        do {
            let json = try JSON(parsing: bytes)
            let version = try JSONFields(json, path: "supervision").int("version")
            guard version <= SupervisionRecord.version else { throw tooNew(version) }
            return Found(record: try SupervisionRecord(json: json))
        } catch let error as JSONError {
            return Found(fault: "\(error)")
        }
    }

    /// Reads the record and sets a broken file aside.
    /// - Returns: The record, and what to tell about the file, as one clause; nil when all is well.
    /// - Throws: As ``read()``.
    func load() throws -> (record: SupervisionRecord, notice: String?) {
        let found = try read()
        guard let fault = found.fault else { return (found.record, nil) }
        try folder.move(Self.name, to: Self.unreadableName)
        let notice =
            "\(folder.path(of: Self.name)) is unreadable, so restarts and quarantines before now "
            + "are forgotten; it is kept as \(Self.unreadableName): \(fault)"
        return (found.record, notice)
    }

    /// Replaces the record; it is on the disk when this returns.
    /// - Throws: A `FileError`; the old record is then unchanged.
    func save(_ record: SupervisionRecord) throws(FileError) {
        try folder.create()
        try folder.replace(Self.name, with: record.json.compactBytes + [0x0A], durable: true)
    }

    private func tooNew(_ version: Int) -> SupervisorError {
        SupervisorError(
            .notReady,
            "\(folder.path(of: Self.name)) has form \(version), and this version knows "
                + "\(SupervisionRecord.version)",
            hint: "run the later version of Loopdesk that wrote it"
        )
    }
}
