// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics

/// Looks a desk over.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look the desk over and say what is wrong and what to do about it.",
        discussion: """
            Ends with status 1 when something must be put right before the desk can run.

            EXAMPLES
              loopdesk doctor --desk my-desk
            """
    )

    @OptionGroup var options: DeskOptions

    func run() throws {
        let findings = DeskExamination(path: try options.path()).findings()
        let console = Console()
        if options.json {
            console.say(["findings": .array(findings.map(\.json))])
        } else {
            for finding in findings { console.say(finding.text) }
        }
        guard findings.allSatisfy({ $0.level != .problem }) else {
            let count = findings.count { $0.level == .problem }
            throw Failure("\(count) of \(findings.count) findings must be put right", .failed)
        }
    }
}
