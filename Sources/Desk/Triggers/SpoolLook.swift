// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What lies in a desk's spool of requests, seen without touching it.
public struct SpoolLook: Sendable, Hashable {
    /// The requests that can be read, oldest first.
    public private(set) var waiting: [TriggerRequest] = []
    /// The names of waiting files that are no requests; a desk sets them aside when it meets them.
    public private(set) var unreadable: [String] = []
    /// The names of files that were set aside.
    public private(set) var broken: [String] = []
    /// When each file was made that a writer began and did not finish.
    public private(set) var unfinished: [Instant] = []

    /// Looks at the spool of a desk; one that has none looks empty.
    /// - Throws: A `FileError` when the disk cannot be read.
    public init(_ desk: DeskFolder) throws(FileError) {
        let folder = desk.triggers.folder("waiting")
        for name in try Self.names(in: folder) {
            do {
                let bytes = try folder.read(name, limitBytes: TriggerRequest.fileLimitBytes)
                if let request = TriggerRequest(fileBytes: bytes), request.name == name {
                    waiting.append(request)
                } else {
                    unreadable.append(name)
                }
            } catch {
                // Taken meanwhile, or a link to nowhere, which the desk sets aside too.
                guard error.code != .notFound || folder.contains(name) else { continue }
                unreadable.append(name)
            }
        }
        waiting.sort { ($0.time, $0.name) < ($1.time, $1.name) }
        broken = try Self.names(in: desk.triggers.folder("broken"))
        let parts = desk.triggers.folder("parts")
        unfinished = try Self.names(in: parts).compactMap { parts.date(of: $0) }
    }

    private static func names(in folder: Folder) throws(FileError) -> [String] {
        folder.exists ? try folder.names() : []
    }
}
