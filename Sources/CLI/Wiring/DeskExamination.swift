// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Git
import Glibc
import Quant
import Supervisor
import Trading

/// The checks of `loopdesk doctor`, each with a stable code.
struct DeskExamination {
    let path: String

    /// What one check found.
    struct Finding {
        enum Level: String {
            case good, notice, problem
        }

        let code: String
        let level: Level
        let message: String

        var text: String {
            let mark = level == .good ? "ok     " : level == .notice ? "note   " : "problem"
            return "\(mark) \(code): \(message)"
        }

        var json: JSON {
            [
                "code": .string(code), "level": .string(level.rawValue),
                "message": .string(message),
            ]
        }
    }

    /// Runs every check that makes sense after those before it.
    func findings() -> [Finding] {
        var findings: [Finding] = [diskSpace]
        let desk: OpenDesk
        do {
            desk = try OpenDesk.open(at: path, zones: SystemZones().database)
        } catch {
            return findings + [problem("desk", "\(error)")]
        }
        findings.append(good("configuration", "orchestrator.yml is valid"))
        findings.append(
            check(
                "skills",
                { "\(try SkillSet.check(desk.configuration, in: desk.folder.root)) rules in force" }
            )
        )
        findings.append(
            check("main") {
                try desk.requireReady()
                return "main is checked out and has no uncommitted changes"
            }
        )
        let running = lock(desk)
        findings.append(running)
        findings += market(desk)
        // While a desk runs, its worktrees are in use and its ledger belongs to the gateway.
        guard running.level == .good else { return findings }
        findings += branches(desk)
        findings.append(ledger(desk))
        return findings
    }

    // MARK: - Checks

    private var diskSpace: Finding {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return problem("space", "cannot look at the disk")
        }
        let free = (UInt64(status.f_bavail) * UInt64(status.f_frsize)) >> 20
        if free < 100 { return problem("space", "only \(free) MB are free; free some space first") }
        if status.f_files > 0, status.f_favail < 1000 {
            return problem("space", "only \(status.f_favail) files can still be made")
        }
        return good("space", "\(free) MB are free")
    }

    private func lock(_ desk: OpenDesk) -> Finding {
        do {
            guard let holder = try DeskLock.holder(desk.folder) else {
                return good("lock", "no supervisor runs this desk")
            }
            return notice("lock", "\(holder) runs this desk")
        } catch {
            return problem("lock", "\(error)")
        }
    }

    private func branches(_ desk: OpenDesk) -> [Finding] {
        do {
            let worktrees = try desk.repository.worktrees()
            return try desk.configuration.agents.map { agent in
                let code = "agent.\(agent.name)"
                guard try desk.repository.reference(agent.name.reference) != nil else {
                    do {
                        try desk.requireNew(agent.name)
                    } catch {
                        return problem(code, "\(error)")
                    }
                    return notice(code, "no branch yet; the next replay makes it")
                }
                let worktree = worktrees.first { $0.name == agent.name.description }
                guard let worktree else {
                    return notice(code, "no worktree; the next replay makes it")
                }
                if worktree.isMissing {
                    return notice(
                        code,
                        "the worktree's folder is gone; the next replay makes it again from the"
                            + " branch, where everything published is"
                    )
                }
                let changes = try desk.repository.worktreeChanges(agent.name.description)
                guard changes.isEmpty else {
                    return notice(
                        code,
                        "\(changes.prefix(3).joined(separator: ", ")) differ from the branch; the"
                            + " next replay saves them under refs/rescue/\(agent.name)/"
                    )
                }
                return good(code, "branch and worktree agree")
            }
        } catch {
            return [problem("agents", "\(error)")]
        }
    }

    private func market(_ desk: OpenDesk) -> [Finding] {
        do {
            let feed = try desk.configuration.loadFeed(in: desk.folder.root)
            let rows = feed.instants.flatMap { feed.bars(at: $0) }
            let faults = rows.flatMap(\.faults)
            let refused = faults.filter { !$0.kind.isWarning }
            guard rows.contains(where: { $0.acceptedBar != nil }) else {
                let first = refused.first.map { "; the first: \($0)" } ?? ""
                return [problem("feed", "no row of the market feed can be used\(first)")]
            }
            var findings = [
                good("feed", "\(feed.instants.count) instants, \(feed.symbols.count) symbols")
            ]
            if let first = refused.first {
                // One row can have several faults.
                let count = Set(refused.map(\.line)).count
                let noun = count == 1 ? "row" : "rows"
                findings.append(
                    notice(
                        "feed.rows",
                        "\(count) \(noun) will be refused; the first: \(first)"
                    )
                )
            }
            return findings + [earnings(desk)]
        } catch {
            return [problem("feed", "\(error)")]
        }
    }

    private func earnings(_ desk: OpenDesk) -> Finding {
        let path = desk.configuration.market.earningsPath
        let bytes = path.flatMap { path in
            // A file that cannot be read is reported like one without rows.
            try? desk.folder.root.read(path)
        }
        // As above.
        let calendar = bytes.flatMap { try? EventCalendar(parsing: $0) }
        let known = Set(calendar?.events.map(\.label) ?? [])
        let missing = desk.configuration.market.symbols.filter { !known.contains($0) }
        guard !missing.isEmpty else { return good("earnings", "dates for every symbol") }
        return notice(
            "earnings",
            "no dates for \(missing.joined(separator: ", ")); the rule about earnings lets their"
                + " entries pass"
        )
    }

    private func ledger(_ desk: OpenDesk) -> Finding {
        guard desk.folder.runtime.contains("ledger.sqlite") else {
            return good("ledger", "none yet")
        }
        return check("ledger") {
            let account = try LedgerReader.account(desk)
            return
                "equity \(account.equity), \(account.lots.count) open lots,"
                + " \(account.state.rawValue)"
        }
    }

    // MARK: - Findings

    private func check(_ code: String, _ body: () throws -> String) -> Finding {
        do {
            return good(code, try body())
        } catch {
            return problem(code, "\(error)")
        }
    }

    private func good(_ code: String, _ message: String) -> Finding {
        Finding(code: code, level: .good, message: message)
    }

    private func notice(_ code: String, _ message: String) -> Finding {
        Finding(code: code, level: .notice, message: message)
    }

    private func problem(_ code: String, _ message: String) -> Finding {
        Finding(code: code, level: .problem, message: message)
    }
}
