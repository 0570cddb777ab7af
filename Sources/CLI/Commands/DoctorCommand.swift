// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Logging
import Processes
import Supervisor

/// Looks a desk over.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look the desk over and say what is wrong and what to do about it.",
        discussion: """
            Looks at locks, agents, branches, worktrees, processes, clock, disk, kernel, versions \
            and at what a killed desk left. Each finding has a code; docs/doctor.md has a section \
            for each. With --fix, does what the desk itself does when it starts, then looks again. \
            Beside a desk that is up only what is safe is done.

            Ends with status 1 when something must be put right before the desk can run.

            EXAMPLES
              loopdesk doctor --desk my-desk
              loopdesk doctor --desk my-desk --fix
            """
    )

    @OptionGroup var options: DeskOptions

    @Flag(name: .long, help: "Put right what can be put right without a person.")
    var fix = false

    func run() throws {
        let path = try options.path()
        let examination = DeskExamination(path: path)
        var report = examination.report()
        var repair = RepairReport()
        if fix {
            repair = try mend(path, report)
            report = examination.report()
        }
        show(report, repair)
        guard report.isGood else {
            let count = report.count(.error)
            throw Failure(
                "\(count) \(count == 1 ? "finding" : "findings") must be put right",
                .failed
            )
        }
    }

    private func mend(_ path: String, _ report: ExaminationReport) throws -> RepairReport {
        // Without a configuration nobody knows what belongs to the desk.
        let isUnknown = report.findings.contains {
            $0.code == .repositoryUnusable || $0.code == .configurationInvalid
        }
        guard !isUnknown else { return RepairReport() }
        let logs = DeskFolder(path).logs
        return try DeskRepair(
            of: path,
            zones: SystemZones().database,
            wall: SystemWallClock(),
            clock: SystemClock(),
            logger: Logger(label: "doctor") { _ in FileLog(folder: logs, name: "supervisor.log") }
        )
        .run(for: report.findings)
    }

    private func show(_ report: ExaminationReport, _ repair: RepairReport) {
        let console = Console()
        guard !options.json else {
            let fixed: [JSON.Member] = [
                JSON.Member("fixed", .array(repair.done.map { .string($0) })),
                JSON.Member("not_fixed", .array(repair.undone.map { .string($0) })),
            ]
            return console.say(.object(report.members + (fix ? fixed : [])))
        }
        for done in repair.done { console.say("fixed   \(done)") }
        for undone in repair.undone { console.say("left    \(undone)") }
        for (check, detail) in report.passed { console.say("ok      \(check): \(detail)") }
        for finding in report.findings { console.say(finding.text) }
    }
}
