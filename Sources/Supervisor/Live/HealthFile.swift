// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
import Glibc
public import Processes

/// What does not work on the desk that is up, where other programs can read it.
///
/// It says whose it is, so what a killed desk has left is never taken for the next one's.
public struct HealthFile {
    static let name = "health.json"
    private static let limitBytes = 1 << 20

    private let runtime: Folder

    /// The file of a desk.
    public init(_ desk: DeskFolder) {
        runtime = desk.runtime
    }

    /// What does not work on the desk that a process runs; empty when nobody runs it.
    /// - Throws: A `FileError`, or a `JSONError` for a file that is not what the desk wrote.
    public func load(of holder: HolderInfo?) throws -> [DeskHealth.Trouble] {
        guard let holder,
            let json = try runtime.readIfPresent(Self.name, limitBytes: Self.limitBytes)
                .map({ try JSON(parsing: $0) }),
            json["pid"]?.intValue == Int(holder.processID)
        else { return [] }
        return (json["degraded"]?.arrayValue ?? []).compactMap { item in
            guard let reason = item["reason"]?.stringValue,
                let since = item["since"]?.stringValue.flatMap({ Instant($0) })
            else { return nil }
            return DeskHealth.Trouble(reason: reason, since: since)
        }
    }

    /// Takes the file away, before this process runs the desk in another way.
    /// - Throws: A `FileError`.
    func clear() throws(FileError) {
        if runtime.contains(Self.name) { try runtime.removeFile(Self.name) }
    }

    /// Writes what does not work on this process's desk.
    ///
    /// A full disk may have room for it all the same when the file is there already, and it is what
    /// this is about.
    /// - Throws: A `FileError`.
    func write(_ troubles: [DeskHealth.Trouble]) throws(FileError) {
        let file: JSON = [
            "pid": .int(Int64(getpid())), "degraded": .array(troubles.map(\.json)),
        ]
        do {
            try runtime.replace(Self.name, with: file.prettyBytes, durable: false)
        } catch {
            try runtime.overwrite(Self.name, with: file.prettyBytes)
        }
    }
}
