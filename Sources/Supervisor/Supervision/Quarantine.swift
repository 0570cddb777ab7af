// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// An agent that is kept out of service until a person releases it.
public struct Quarantine: Sendable, Hashable {
    /// The agent that does not run.
    public let agent: AgentName
    /// The agent whose failures led to it: the same one, or another of its group.
    public let cause: AgentName
    /// The last of those failures, on one line.
    public let reason: String
    /// When it began.
    public let since: Instant
    /// Whether the cause has no sandbox to run in; then the quarantine ends at the first start at
    /// which it has one.
    public let isRefusal: Bool

    init(
        agent: AgentName,
        cause: AgentName,
        reason: String,
        since: Instant,
        isRefusal: Bool = false
    ) {
        self.agent = agent
        self.cause = cause
        self.reason = TurnContract.sanitised(summary: reason)
        self.since = since
        self.isRefusal = isRefusal
    }

    /// Who does not run and why, as one clause.
    public var text: String {
        cause == agent
            ? "\(agent) is out of service: \(reason)"
            : "\(agent) is out of service with \(cause): \(reason)"
    }

    /// Who is out of service on a desk, by name, as the record on disk says; nothing is changed.
    ///
    /// - Throws: A ``SupervisorError`` with code `notReady` when the record cannot be understood,
    ///   and a `FileError` when the disk fails.
    public static func all(of desk: DeskFolder) throws -> [Quarantine] {
        let loaded = try SupervisionFile(folder: desk.runtime).read()
        if let fault = loaded.fault {
            throw SupervisorError(
                .notReady,
                "\(desk.runtime.path(of: SupervisionFile.name)) is unreadable: \(fault)",
                hint: "the next start sets it aside"
            )
        }
        return loaded.record.quarantines
    }
}
