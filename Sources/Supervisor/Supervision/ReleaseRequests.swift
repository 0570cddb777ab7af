// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// The wishes of people to put agents back into service, one empty file for each agent.
///
/// A running desk looks into the folder with every beat; a desk that is down at its start.
public struct ReleaseRequests: Sendable {
    /// The folder of the requests.
    public let folder: Folder

    /// Names the requests of a desk.
    public init(_ desk: DeskFolder) {
        folder = desk.runtime.folder("releases")
    }

    /// Asks for an agent; the request is on the disk when this returns.
    /// - Throws: A `FileError`.
    public func add(_ agent: AgentName) throws(FileError) {
        try folder.create()
        try folder.replace(agent.description, with: [], durable: true)
    }

    /// The agents that are asked for, by name; files that name none are passed over.
    /// - Throws: A `FileError` when the folder cannot be read.
    func pending() throws(FileError) -> [AgentName] {
        guard folder.exists else { return [] }
        return try folder.names().compactMap { AgentName($0) }
    }

    /// Takes a request away; one that is gone already is no error.
    /// - Throws: A `FileError`.
    func remove(_ agent: AgentName) throws(FileError) {
        try folder.removeFile(agent.description)
    }
}
