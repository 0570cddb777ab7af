// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Git
import Supervisor

/// Keeps a desk's repository small and fast.
struct MaintainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Pack the desk's objects and references, bound its logs, and say what was done.",
        discussion: """
            A running desk does this by itself. Beside one it is safe at any time, as it is beside \
            git. Git's own automatic clean-up is turned off in the desk's settings; those of the \
            user are not touched.

            EXAMPLES
              loopdesk maintain --desk my-desk
              loopdesk maintain --desk my-desk --json
            """
    )

    @OptionGroup var options: DeskOptions

    func run() throws {
        let desk = try options.open()
        let report = try desk.repository.maintain(by: desk.maintainer)
        let console = Console()
        guard !options.json else {
            console.say(Self.json(report))
            return
        }
        guard !report.isElsewhere else {
            console.say("Another maintenance is at work; nothing was done.")
            return
        }
        let lines = Self.lines(report)
        for line in lines { console.say(line) }
        if lines.isEmpty { console.say("Nothing to do.") }
    }

    private static func lines(_ report: MaintenanceReport) -> [String] {
        func count(_ number: Int, _ one: String, _ many: String) -> [String] {
            number == 0 ? [] : ["\(number) \(number == 1 ? one : many)"]
        }
        return report.settings.map { "Set \($0)." }
            + count(report.mergedPacks, "pack merged.", "packs merged into larger ones.")
            + count(report.archivedRescues, "rescue archived.", "older rescues archived.")
            + count(report.packedReferences, "reference packed.", "references packed.")
            + report.trimmedLogs.map { "Cut the log of \($0) to its newest lines." }
            + report.removedFiles.map { "Removed \($0), left by a process that died." }
    }

    private static func json(_ report: MaintenanceReport) -> JSON {
        [
            "settings": .array(report.settings.map { .string($0) }),
            "merged_packs": .int(Int64(report.mergedPacks)),
            "archived_rescues": .int(Int64(report.archivedRescues)),
            "packed_references": .int(Int64(report.packedReferences)),
            "trimmed_logs": .array(report.trimmedLogs.map { .string($0) }),
            "removed_files": .array(report.removedFiles.map { .string($0) }),
            "elsewhere": .bool(report.isElsewhere),
            "complete": .bool(report.isComplete),
        ]
    }
}
