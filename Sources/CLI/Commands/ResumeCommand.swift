// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Gateway
import Processes
import Supervisor

/// Lifts the kill switch.
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Allow trading again after a halt.",
        discussion: """
            Nothing else lifts a halt: no restart, no agent and no lapse of time. Look first why \
            the desk was halted; loopdesk status says it.

            EXAMPLES
              loopdesk resume --desk my-desk
            """
    )

    @OptionGroup var options: DeskOptions

    @Option(name: .long, help: ArgumentHelp("Why, for people.", valueName: "text"))
    var reason = "loopdesk resume"

    func run() throws {
        let folder = DeskFolder(try options.path())
        try folder.requireDesk()
        try folder.runtime.create()
        let latch = try HaltLatch(in: folder.runtime)
        let before = try latch.state()
        try latch.folder.removeFile(HaltLatch.nowName)
        let request = try latch.post(.resume, flatten: false, reason: reason)
        let state = try HaltWait(latch, folder).state(after: request)
        let isHandled = state.handled == request.number
        let console = Console()
        guard !options.json else {
            console.say([
                "halted": .bool(state.isHalted && isHandled), "handled": .bool(isHandled),
                "was": .string(before.reason),
            ])
            return
        }
        console.say(
            isHandled
                ? "the desk may trade again"
                : "the desk may trade again as soon as its gateway runs and can write its ledger"
        )
    }
}
