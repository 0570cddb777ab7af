// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// What one agent's process may see and write, by its role and its entry in `orchestrator.yml`.
///
/// A pure value but for the question whether a path is there.
struct AgentSandbox {
    let agent: AgentConfiguration
    let desk: DeskFolder
    let market: MarketConfiguration
    /// The other agents, whose worktrees are not to be seen.
    let others: [AgentName]
    /// The program of a native agent, and what a command names by its path.
    let programs: [String]
    let isThere: (String) -> Bool

    private var worktree: Folder { desk.worktree(agent.name) }

    /// The agent's memory, which it writes in place.
    var statePath: String { worktree.path(of: "\(agent.name.folder)/STATE.md") }

    /// The sandbox.
    /// - Throws: A ``SupervisorError`` when what may be read is not this agent's to see.
    func make() throws(SupervisorError) -> Sandbox {
        let named = agent.sandbox.read.map(absolute)
        for path in programs + named { try requireHarmless(path) }
        for path in named where !isThere(path) {
            throw SupervisorError(
                .notReady,
                "agent \(agent.name) is to read \(path), which is not there",
                hint: "put it there, or take it out of sandbox.read of orchestrator.yml"
            )
        }
        return Sandbox(
            readable: ([worktree.path] + views + data + programs + named).filter(isThere),
            writable: [
                worktree.path(of: TurnContract.outbox), worktree.path(of: TurnContract.work),
                statePath,
            ] + (agent.isStartedEachTurn ? [desk.home(agent.name).path] : []),
            covered: [desk.root.path],
            limits: SandboxLimits(agent.sandbox.limits),
            hasListener: agent.hasWayOut
        )
    }

    /// Paths that no agent can read, those of the sealed years included.
    var hidden: [String] {
        let root = desk.root
        let all = [".git", ".git/HEAD", DeskConfiguration.fileName].map { root.path(of: $0) }
        let runtime = [desk.lockPath, desk.ledgerPath, desk.logs.path]
        let sealed =
            agent.role.marketView == .full ? [] : [desk.market(.full).path(of: "history.csv")]
        let feed = agent.role == .ingestor ? [] : feedPath.map { [$0] } ?? []
        return all + runtime + keys + others.map { desk.worktree($0).path } + sealed + feed
    }

    /// The files of the keys that the supervisor adds to requests.
    private var keys: [String] {
        agent.sandbox.egress.routes.compactMap { route in
            if case .file(let path) = route.secret { absolute(path) } else { nil }
        }
    }

    /// Paths of its own that an agent cannot write.
    var fixed: [String] {
        [worktree.path]
            + [".git", "\(agent.name.folder)", "\(agent.name.folder)/SKILL.md", TurnContract.inbox]
            .map { worktree.path(of: $0) }
    }

    /// What tells one form of command line from another; agents that differ by name alone share
    /// it.
    func shape(of sandbox: Sandbox) -> String {
        let paths =
            sandbox.readable + ["|"] + sandbox.writable + ["|"] + sandbox.covered
            + ["|"] + keys
        let text = paths.joined(separator: "\n").replacing(worktree.path, with: "<worktree>")
            .replacing("/\(agent.name.folder)/", with: "/<agent>/")
        return "\(text)\n\(sandbox.limits)\n\(sandbox.hasListener)\n\(agent.role.marketView)"
    }

    /// The agent's view of the market's history.
    private var views: [String] {
        agent.role.marketView == .none ? [] : [desk.market(agent.role.marketView).path]
    }

    /// The desk's files that the role works with.
    private var data: [String] {
        switch agent.role {
        case .ingestor: feedPath.map { [visibleFeed($0)] } ?? []
        case .verifier, .risk:
            [market.fomcPath, market.earningsPath].compactMap(\.self).map(absolute)
        case .researcher, .backtester, .executor: []
        }
    }

    private var feedPath: String? {
        guard case .csv(let path) = market.feed else { return nil }
        return absolute(path)
    }

    /// The feed's folder when that lies in the desk and holds nothing of the desk's own, since a
    /// file that is replaced while it is followed would be lost from sight; else the file alone.
    private func visibleFeed(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        let folder = String(path[..<slash])
        let isInside = folder.hasPrefix("\(desk.root.path)/")
        return isInside && !isOwn(folder) ? folder : path
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : desk.root.path(of: path)
    }

    /// Whether a path shows the repository, what belongs to running, or worktrees.
    private func isOwn(_ path: String) -> Bool {
        [".git", ".loopdesk", "worktrees"].map { desk.root.path(of: $0) }
            .contains { $0.isInside(path) || path.isInside($0) }
    }

    private func requireHarmless(_ path: String) throws(SupervisorError) {
        func refusal(_ what: String) -> SupervisorError {
            SupervisorError(
                .notReady,
                "agent \(agent.name) is to read \(path), which shows \(what)",
                hint: "name a folder with nothing but what it needs, in sandbox.read or command of"
                    + " orchestrator.yml"
            )
        }
        guard !isOwn(path) else { throw refusal("the desk's repository or other agents") }
        let isSealed = agent.role == .researcher || agent.role == .backtester
        if isSealed, let feed = feedPath, feed.isInside(path) {
            throw refusal("the market feed, and with it the sealed years")
        }
    }
}

extension String {
    /// Whether this path is a folder's or lies in it.
    fileprivate func isInside(_ folder: String) -> Bool {
        self == folder || folder == "/" || hasPrefix("\(folder)/")
    }
}

extension SandboxLimits {
    /// Takes the limits over from the configuration.
    init(_ settings: SandboxLimitSettings) {
        self.init(
            memoryBytes: settings.memory.bytes,
            processes: settings.processes,
            fileBytes: settings.fileSize.bytes,
            openFiles: settings.openFiles,
            cpuSeconds: settings.cpu.map { max(1, $0.milliseconds / 1000) },
            temporaryBytes: settings.temporary.bytes
        )
    }
}
