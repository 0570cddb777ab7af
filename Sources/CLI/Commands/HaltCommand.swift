// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Gateway
import Processes
import Supervisor

/// The kill switch.
struct HaltCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "halt",
        abstract: "Stop trading at once, until loopdesk resume.",
        discussion: """
            Nothing is entered any more; with --flatten, everything that is held is closed. Stops \
            and targets go on. The halt is on the disk before anything else happens and survives \
            every restart. It needs no supervisor, no repository, no network and no free space.

            EXAMPLES
              loopdesk halt --desk my-desk --reason "the feed looks wrong"
              loopdesk halt --desk my-desk --flatten    close everything too
            """
    )

    @OptionGroup var options: DeskOptions

    @Flag(name: .long, help: "Close everything that is held.")
    var flatten = false

    @Option(name: .long, help: ArgumentHelp("Why, for people.", valueName: "text"))
    var reason = "loopdesk halt"

    func run() throws {
        let folder = DeskFolder(try options.path())
        try folder.requireDesk()
        try folder.runtime.create()
        let latch = try HaltLatch(in: folder.runtime)
        let request = try latch.post(.halt, flatten: flatten, reason: reason)
        let state = try HaltWait(latch, folder).state(after: request)
        let isHandled = state.handled == request.number
        let console = Console()
        guard !options.json else {
            console.say([
                "halted": true, "handled": .bool(isHandled), "lots": .int(Int64(state.lots)),
                "flatten": .bool(isHandled ? state.flatten : flatten),
            ])
            return
        }
        guard isHandled else {
            console.say("halted; no gateway runs now, and the next one does nothing else first")
            return
        }
        let lots =
            state.lots == 1 ? "1 lot is" : "\(state.lots == 0 ? "no" : "\(state.lots)") lots are"
        console.say("halted; \(lots) open; loopdesk resume lifts it")
    }
}
