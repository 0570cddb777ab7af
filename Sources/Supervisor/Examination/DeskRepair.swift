// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Desk
import Git
public import Logging
public import Processes

/// Puts a desk right with what a supervisor does when it starts, and nothing else.
public struct DeskRepair {
    private let path: String
    private let zones: ZoneDatabase
    private let wall: any WallClock
    private let clock: any MonotonicClock
    private let logger: Logger

    /// Prepares a repair.
    /// - Parameters:
    ///   - path: The desk's folder.
    ///   - zones: The time zones that `orchestrator.yml` may name.
    ///   - wall: The time of day.
    ///   - clock: The clock of the wait for processes to end.
    ///   - logger: Where it is told which processes were ended.
    public init(
        of path: String,
        zones: ZoneDatabase,
        wall: any WallClock,
        clock: any MonotonicClock,
        logger: Logger
    ) {
        self.path = path
        self.zones = zones
        self.wall = wall
        self.clock = clock
        self.logger = logger
    }

    /// Does what settles some findings.
    ///
    /// While a supervisor runs the desk, only what is safe beside it. A step that fails is reported
    /// and the next one is done all the same.
    /// - Throws: What keeps the desk from being opened at all.
    public func run(for findings: [Finding]) throws -> RepairReport {
        var report = RepairReport()
        let steps = Set(findings.compactMap(\.code.repair)).sorted()
        guard !steps.isEmpty else { return report }
        let desk = try OpenDesk.open(at: path, zones: zones)
        do {
            let lock = try DeskLock.take(desk.folder, purpose: "loopdesk doctor --fix")
            for step in steps {
                attempt(step, &report) { done in
                    if step == .processes {
                        try end(findings, desk, lock, &done)
                    } else {
                        try perform(step, findings, desk, &done)
                    }
                }
            }
            // Held to here, and released by the system should this process end before.
            _ = consume lock
        } catch let error as SupervisorError where error.code == .alreadyRunning {
            for step in steps where step.isSafeBesideDesk {
                attempt(step, &report) { try perform(step, findings, desk, &$0) }
            }
            let left = steps.contains { !$0.isSafeBesideDesk }
            if left { report.undone.append("\(error.message), so the rest was left to it") }
        }
        return report
    }

    private func attempt(
        _ step: RepairStep,
        _ report: inout RepairReport,
        _ body: (inout [String]) throws -> Void
    ) {
        do {
            try body(&report.done)
        } catch {
            report.undone.append("\(step): \(error)")
        }
    }

    private func end(
        _ findings: [Finding],
        _ desk: OpenDesk,
        _ lock: borrowing DeskLock,
        _ done: inout [String]
    ) throws {
        try DeskProcesses.takeCharge(of: desk.folder, lock, clock: clock, logger: logger)
        done += findings.filter { $0.code == .processLeft }.map { "ended \($0.place)" }
    }

    private func perform(
        _ step: RepairStep,
        _ findings: [Finding],
        _ desk: OpenDesk,
        _ done: inout [String]
    ) throws {
        switch step {
        case .processes: preconditionFailure("processes are ended by who holds the lock")
        case .files: done += try desk.repository.sweepStaleFiles().map { "removed .git/\($0)" }
        case .settings: done += try desk.repository.prepareSettings().map { "set \($0)" }
        case .publication: try publish(findings, desk, &done)
        case .worktrees: try putRight(findings, desk, &done)
        case .supervision:
            if let notice = try SupervisionFile(folder: desk.folder.runtime).load().notice {
                done.append(notice)
            }
        case .requests: try sweepRequests(desk, &done)
        case .maintenance:
            let report = try desk.repository.maintain(by: desk.maintainer)
            done.append("merged \(report.mergedPacks) packs")
        }
    }

    /// Publishes what waits, as the desk itself does at its start.
    private func publish(
        _ findings: [Finding],
        _ desk: OpenDesk,
        _ done: inout [String]
    ) throws {
        let waiting = try desk.repository.keptPublication()?.publisher.updates ?? []
        let inReplay = try !desk.hasRunLive()
        let start = Instant(desk.configuration.replay.lowerBound)
        let recovery = try BranchGuard(desk: desk)
            .recover(at: inReplay ? start : wall.now(), inReplay: inReplay)
        done += recovery.reports.map(\.description)
        done += waiting.map { "published \($0.reference)" }
        let lost = Set(findings.filter { $0.code == .branchLost }.map(\.place))
        for agent in desk.configuration.agents where lost.contains(agent.name.description) {
            guard try desk.repository.reference(agent.name.reference) == nil else { continue }
            try desk.requireNew(agent.name)
        }
    }

    private func putRight(
        _ findings: [Finding],
        _ desk: OpenDesk,
        _ done: inout [String]
    ) throws {
        var worktrees = WorktreeGuard(desk: desk)
        let places = Set(findings.filter { $0.code.repair == .worktrees }.map(\.place))
        for agent in desk.configuration.agents where places.contains(agent.name.description) {
            done += WorktreeSweeper(desk).sweep(agent).map { "\(agent.name): \($0)" }
            done += try worktrees.check(agent) {}.reports.map(\.description)
            try WorktreeKeeper(desk: desk).refresh(agent)
        }
    }

    private func sweepRequests(_ desk: OpenDesk, _ done: inout [String]) throws {
        let spool = try TriggerSpool(desk.folder)
        var moved: [String] = []
        _ = try spool.pending(limit: .max, limitBytes: .max) { moved.append($0) }
        done += moved.map { "set a request aside as \($0)" }
        try spool.sweep(before: wall.now().adding(seconds: -LiveDesk.memory))
    }
}
