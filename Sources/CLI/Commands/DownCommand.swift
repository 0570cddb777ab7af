// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Processes
import Supervisor

/// Stops a desk that runs.
struct DownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Stop the desk: running turns may finish, then everything ends.",
        discussion: """
            Nothing that was said is lost. With --now, turns are cut short; they run again when \
            the desk is up again.

            EXAMPLES
              loopdesk down --desk my-desk              wait until running turns have ended
              loopdesk down --desk my-desk --now        end them
            """
    )

    @OptionGroup var options: DeskOptions

    @Flag(name: .long, help: "End the desk at once.")
    var now = false

    @Option(name: .long, help: ArgumentHelp("How long to wait.", valueName: "time"))
    var timeout = "2m"

    func validate() throws {
        guard TimeLimit(timeout) != nil else {
            throw ValidationError("--timeout: expected a time such as 30s")
        }
    }

    func run() throws {
        let folder = DeskFolder(try options.path())
        let console = Console()
        guard let holder = try DeskLock.holderInfo(folder) else {
            return report(console, wasRunning: false)
        }
        guard holder.note == "loopdesk up" else {
            throw Failure(
                "process \(holder.processID) runs this desk, but as \(holder.note); stop it where"
                    + " it runs",
                .unavailable
            )
        }
        let clock = SystemClock()
        let limit = TimeLimit(timeout) ?? TimeLimit(milliseconds: 120_000)
        let deadline = clock.deadline(in: .milliseconds(limit.milliseconds))
        try holder.interrupt(atOnce: now)
        while try DeskLock.holderInfo(folder) == holder {
            guard clock.now() < deadline else {
                throw Failure(
                    "process \(holder.processID) still runs this desk after \(limit); try"
                        + " loopdesk down --now",
                    .unavailable
                )
            }
            _ = try Pause.wait(
                until: clock.deadline(in: .milliseconds(20)),
                clock: clock,
                wake: nil
            )
        }
        report(console, wasRunning: true)
    }

    private func report(_ console: Console, wasRunning: Bool) {
        if options.json {
            console.say(["wasRunning": .bool(wasRunning)])
        } else {
            console.say(wasRunning ? "the desk is down" : "the desk was not running")
        }
    }
}
