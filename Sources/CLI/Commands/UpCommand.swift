// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Logging
import Processes
import Supervisor

/// Runs a desk in the present.
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run the desk in the present, until loopdesk down or Ctrl-C.",
        discussion: """
            Catches up first: recorded bars up to now are replayed as loopdesk replay does. Then \
            agents run as their triggers in orchestrator.yml say. What main holds counts, not what \
            lies in the work tree; a new configuration on main is taken up at once.

            EXAMPLES
              loopdesk up --desk my-desk             in the foreground
              loopdesk up --desk my-desk --detach    in the background, once it is ready
            """
    )

    @OptionGroup var options: DeskOptions
    @OptionGroup var sandbox: SandboxOptions

    @Flag(name: .long, help: "Go to the background when every agent has been started.")
    var detach = false

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Do not wait for the disk at each turn.",
            discussion: "A power cut may then take the last turns; a kill takes none."
        )
    )
    var volatile = false

    @Flag(name: .customLong("ready-mark"), help: .hidden)
    var marksReady = false

    func run() throws {
        let path = try options.path()
        if detach { return try startDetached(path) }
        // It runs for months, and gives back what it no longer needs.
        Heap.share()
        let interrupts = try Interrupts.install()
        let desk = try OpenDesk.openCommitted(at: path, zones: SystemZones().database)
        let lock = try DeskLock.take(desk.folder, purpose: "loopdesk up")
        let logger = Logger(label: "supervisor") { _ in
            FileLog(folder: desk.folder.logs, name: "supervisor.log")
        }
        try DeskProcesses.takeCharge(of: desk.folder, lock, clock: SystemClock(), logger: logger)
        var session = try LiveSession(
            path: path,
            interrupts: interrupts,
            isQuiet: options.json,
            isUnsafe: sandbox.isUnsafe,
            isDurable: !volatile,
            claim: lock.claim
        )
        session.ready = { if marksReady { ReadyMark.give() } }
        try session.run(desk)
        // Held to here, and released by the system should this process end before.
        _ = consume lock
    }

    /// Starts this program again in the background and waits until the desk is ready.
    private func startDetached(_ path: String) throws {
        let clock = SystemClock()
        let desk = try OpenDesk.openCommitted(at: path, zones: SystemZones().database)
        // Found out here, it is told here; the program that is started takes the lock for good.
        _ = try DeskLock.take(desk.folder, purpose: "loopdesk up")
        try desk.folder.logs.create()
        let log = desk.folder.logs.path(of: Self.logName)
        // What an earlier start said is of no use in a message about this one.
        let before = try desk.folder.logs.readIfPresent(Self.logName)?.count ?? 0
        let number = try DetachedProgram.start(
            try Programs().loopdesk,
            ["up", "--desk", path, "--ready-mark"] + sandbox.words
                + (volatile ? ["--volatile"] : []),
            // Where keys are that the configuration names, as for a desk in the foreground.
            environment: InheritedEnvironment.shared,
            logPath: log,
            until: clock.deadline(in: Self.patience),
            clock: clock
        )
        guard let number else {
            let said = try desk.folder.logs.readIfPresent(Self.logName)?.dropFirst(before) ?? []
            let last = String(decoding: said, as: UTF8.self)
                .split(separator: "\n").last.map { "\($0.trimmingPrefix("loopdesk: "))" }
            throw Failure(
                "the desk did not come up: \(last ?? "its process ended"); all that it said is in"
                    + " \(log)",
                .unavailable
            )
        }
        let outOfService = try Quarantine.all(of: desk.folder)
            .filter { desk.configuration.agent($0.agent) != nil }
        let console = Console()
        guard !options.json else {
            return console.say([
                "desk": .string(path), "process": .int(Int64(number)),
                "out_of_service": .array(
                    outOfService.map { .string($0.agent.description) }
                ),
            ])
        }
        console.say("the desk is up, process \(number); end it with: loopdesk down")
        for quarantine in outOfService { console.say("it is degraded: \(quarantine.text)") }
    }

    private static let logName = "up.log"
    /// How long a desk may take to be ready, a replay of its past included.
    private static let patience: Duration = .seconds(3600)
}
