// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite("Bounds on children")
struct ChildLimitTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("a child that hangs runs into the deadline and is ended")
    func hang() throws {
        let child = try Child.start(scratch.shell("sleep 1000"), clock: clock)

        let events = try ChildGroup.wait(for: [child], until: soon(.milliseconds(20)), clock: clock)

        #expect(events == [.timedOut])
        let status = try child.terminate(steps: [])
        #expect(status == .signalled(number: SIGKILL))
        #expect(child.exitStatus == status)
    }

    @Test("a stopped child that ignores the first steps is killed")
    func stopped() throws {
        let child = try Child.start(scratch.shell("trap '' TERM; kill -STOP $$"), clock: clock)

        let status = try child.terminate(steps: [
            TeardownStep(.closeInput, patience: .milliseconds(20)),
            TeardownStep(.signal(SIGTERM), patience: .milliseconds(20)),
        ])

        #expect(status == .signalled(number: SIGKILL))
    }

    @Test("patience is counted by the clock that was given")
    func patience() throws {
        let stepping = SteppingClock(step: .seconds(1))
        let child = try Child.start(
            scratch.shell("trap '' TERM; echo; while :; do sleep 100; done"),
            clock: stepping
        )
        _ = try ChildGroup.wait(for: [child], until: soon(), clock: clock)
        let start = clock.now()

        let status = try child.terminate(steps: [
            TeardownStep(.signal(SIGTERM), patience: .seconds(1)),
            TeardownStep(.signal(SIGTERM), patience: .seconds(1)),
        ])

        #expect(clock.now() < start.advanced(by: .milliseconds(1500)))
        #expect(status == .signalled(number: SIGKILL))
    }

    @Test("a child that ends with its input is not killed")
    func gentle() throws {
        let child = try Child.start(scratch.command("/bin/cat"), clock: clock)

        #expect(try child.terminate() == .exited(code: 0))
        #expect(try child.terminate() == .exited(code: 0))
    }

    @Test("a line over the limit fails the output, and the child still ends")
    func hugeLine() throws {
        var command = scratch.command("/bin/cat")
        command.lineLimitBytes = 100
        let child = try Child.start(command, clock: clock)

        try child.send(line: [UInt8](repeating: 0x61, count: 100), until: soon())
        let allowed = try ChildGroup.wait(for: [child], until: soon(), clock: clock)
        try child.send(line: [UInt8](repeating: 0x61, count: 101), until: soon())
        let refused = try ChildGroup.wait(for: [child], until: soon(), clock: clock)

        #expect(allowed == [.line(0, [UInt8](repeating: 0x61, count: 100))])
        guard case .failed(0, let error) = try #require(refused.first) else {
            Issue.record("not refused: \(refused)")
            return
        }
        #expect(error.code == .lineTooLong)
        #expect(try child.terminate() != .running)
    }

    @Test("a line of four MiB goes both ways without a block")
    func longLine() throws {
        let child = try Child.start(scratch.command("/bin/cat"), clock: clock)
        let line = [UInt8](repeating: 0x62, count: 4 << 20)

        try child.send(line: line, until: soon())
        let events = try ChildGroup.wait(for: [child], until: soon(), clock: clock)

        #expect(events == [.line(0, line)])
    }

    @Test("a child that closes its output lives on")
    func closedOutput() throws {
        let child = try Child.start(scratch.shell("exec >&-; read line; exit 3"), clock: clock)

        let events = try ChildGroup.wait(for: [child], until: soon(), clock: clock)

        #expect(events == [.closedOutput(0)])
        #expect(child.exitStatus == .running)
        try child.send(line: [], until: soon())
        #expect(try allEvents(of: child) == [.exited(0, .exited(code: 3))])
    }

    @Test("a line to a child that closed its input is an error")
    func brokenPipe() throws {
        let child = try Child.start(scratch.shell("exec <&-; echo; sleep 1000"), clock: clock)
        _ = try ChildGroup.wait(for: [child], until: soon(), clock: clock)

        let error = #expect(throws: ProcessError.self) { try child.send(line: [], until: soon()) }

        #expect(error?.code == .inputClosed)
    }

    @Test("a child that does not read runs into the deadline of the line")
    func slowReader() throws {
        let child = try Child.start(scratch.shell("sleep 1000"), clock: clock)

        let error = #expect(throws: ProcessError.self) {
            try child.send(
                line: [UInt8](repeating: 0x61, count: 1 << 20),
                until: soon(.milliseconds(20))
            )
        }
        let next = #expect(throws: ProcessError.self) { try child.send(line: [], until: soon()) }

        #expect(error?.code == .timedOut)
        #expect(next?.code == .inputClosed)
    }

    @Test("a line feed inside a line is refused")
    func lineFeed() throws {
        let child = try Child.start(scratch.command("/bin/cat"), clock: clock)

        let error = #expect(throws: ProcessError.self) {
            try child.send(line: [0x61, 0x0A], until: soon())
        }

        #expect(error?.code == .invalidLine)
    }

    @Test("grandchildren die with the group", arguments: [true, false])
    func grandchildren(leaderEnds: Bool) throws {
        let tail = leaderEnds ? "exit 0" : "wait"
        let child = try Child.start(scratch.shell("sleep 1000 & echo $!; \(tail)"), clock: clock)
        let events = try ChildGroup.wait(for: [child], until: soon(), clock: clock)
        guard case .line(_, let bytes) = try #require(events.first) else { return }
        let grandchild = try #require(Int32(String(decoding: bytes, as: UTF8.self)))

        if leaderEnds { _ = try allEvents(of: child) } else { try child.terminate(steps: []) }

        #expect(eventually { isDead(grandchild) })
    }

    @Test("a child dies when its value goes away")
    func dropped() throws {
        let number = try Child.start(scratch.command("/bin/cat"), clock: clock).processID

        #expect(kill(number, 0) == -1)
    }

    @Test("a child dies when its parent is killed")
    func parentKilled() async throws {
        let log = scratch.file("pids")
        let folder = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [log = log as String, folder = folder as String] in
            let command = ChildCommand(
                program: .path("/bin/sh"),
                arguments: ["-c", "echo $$ >&2; echo ready; exec sleep 1000"],
                environment: [("PATH", "/usr/bin:/bin")],
                workingFolder: folder,
                errorLogPath: log
            )
            let clock = SystemClock()
            let child = try Child.start(command, clock: clock)
            _ = try ChildGroup.wait(for: [child], until: .distantFuture, clock: clock)
            kill(getpid(), SIGKILL)
        }

        let number = try #require(Int32(text(log).split(separator: "\n").first ?? ""))

        #expect(eventually { isDead(number) })
    }

    @Test("too few descriptors are a resource limit")
    func noDescriptors() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 12, rlim_max: 12)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let command = ChildCommand(
                program: .path("/bin/cat"),
                workingFolder: "/",
                errorLogPath: "/dev/null"
            )
            var children = [Child]()
            do {
                for _ in 0..<12 { children.append(try Child.start(command, clock: SystemClock())) }
            } catch let error as ProcessError where error.code == .resourceLimit {
                exit(0)
            }
            exit(1)
        }
    }
}
