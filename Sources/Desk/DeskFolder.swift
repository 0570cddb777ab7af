// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Where the parts of a desk stand on disk.
public struct DeskFolder: Sendable, Hashable {
    /// The desk's top folder, which is a git repository.
    public let root: Folder

    /// The patterns that git must ignore in a desk and in its worktrees.
    public static let ignored = ["/.loopdesk/", "/inbox/", "/outbox/", "/work/"]

    /// Names a desk by its top folder.
    public init(_ path: String) {
        root = Folder(path)
    }

    /// What belongs to running and not to history: lock, ledger, logs, market views.
    public var runtime: Folder { root.folder(".loopdesk") }

    /// The log files: one for each agent, the gateway and the supervisor.
    public var logs: Folder { runtime.folder("logs") }

    /// The events of the desk.
    public var events: Folder { runtime.folder("events") }

    /// The spool of requests for turns.
    public var triggers: Folder { runtime.folder("triggers") }

    /// The ledger of what was tried.
    public var trials: Folder { runtime.folder("trials") }

    /// What was accepted of each connector's tools.
    public var connectors: Folder { runtime.folder("connectors") }

    /// What agents wrote and the desk refused, kept for people.
    public var refused: Folder { runtime.folder("refused") }

    /// The gateway's ledger.
    public var ledgerPath: String { runtime.path(of: "ledger.sqlite") }

    /// The lock that one supervisor holds.
    public var lockPath: String { runtime.path(of: "lock") }

    /// The folder that holds a view of the market's history.
    public func market(_ view: MarketView) -> Folder {
        runtime.folder("market").folder(view.rawValue)
    }

    /// An agent's worktree.
    public func worktree(_ agent: AgentName) -> Folder {
        root.folder("worktrees").folder(agent.description)
    }

    /// Where a program that is started for each turn keeps what is its own.
    public func home(_ agent: AgentName) -> Folder {
        runtime.folder("homes").folder(agent.description)
    }

    /// The log of an agent's process, and the older ones.
    public func logFiles(_ agent: AgentName) -> RotatedFiles {
        RotatedFiles(in: logs, base: agent.description)
    }
}
