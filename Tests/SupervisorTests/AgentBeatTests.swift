// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Processes
import TestSupport
import Testing

@testable import Supervisor

@Suite("Beats as the supervisor sees them", .scratchFolder)
struct AgentBeatTests {
    let clock = SystemClock()

    /// Waits for a child as a desk does, until it is judged dead; gives the reason and the time.
    func death(
        of child: Child,
        beat: Duration,
        announces: Bool,
        after stop: () -> Void
    ) throws -> (reason: String, span: Duration)? {
        var watch = try #require(BeatWatch(every: beat, at: clock.now()))
        let end = clock.deadline(in: .seconds(20))
        var stoppedAt: MonotonicInstant?
        var beats = 0
        while clock.now() < end {
            let events = try ChildGroup.wait(for: [child], until: watch.nextCheck, clock: clock)
            for case .line(_, let line) in events where TurnContract.notification(of: line) != nil {
                watch.beat(at: clock.now())
                beats += 1
            }
            let now = clock.now()
            let verdict = watch.check(at: now, announcesBeats: announces) { child.isStopped }
            if case .dead(let reason) = verdict { return (reason, now.since(stoppedAt ?? now)) }
            if stoppedAt == nil, beats >= 3 || !announces {
                stop()
                stoppedAt = clock.now()
            }
        }
        return nil
    }

    func child(_ script: String) throws -> Child {
        let folder = try ScratchFolder.path
        let command = ChildCommand(
            program: .path("/bin/sh"),
            arguments: ["-c", script],
            environment: [("PATH", "/usr/bin:/bin")],
            workingFolder: folder,
            errorLogPath: "\(folder)/log"
        )
        return try Child.start(command, clock: clock)
    }

    static let beating = """
        while :; do echo '{"jsonrpc":"2.0","method":"agent/beat"}'; sleep 0.2; done
        """

    @Test("a stopped process is found within two beats and killed", arguments: [true, false])
    func stopped(announces: Bool) throws {
        let child = try child(announces ? Self.beating : "exec sleep 1000")

        let death = try #require(
            try death(of: child, beat: .milliseconds(300), announces: announces) {
                kill(-child.processID, SIGSTOP)
            }
        )
        let status = try child.terminate(steps: [])

        #expect(death.span <= .milliseconds(600 + 100), "the machine gets a tenth of a second")
        #expect(status == .signalled(number: SIGKILL))
    }

    @Test("a process that announced beats and sends none any more is found, though not stopped")
    func silent() throws {
        let child = try child(
            "for i in 1 2 3; do echo '{\"jsonrpc\":\"2.0\",\"method\":\"agent/beat\"}'; done; "
                + "exec sleep 1000"
        )

        let death = try death(of: child, beat: .milliseconds(100), announces: true) {}

        #expect(death?.reason == "it missed two beats")
    }

    @Test(
        "an agent whose program waits for a stopped one is replaced, and its turn runs again",
        arguments: [false, true]
    )
    func heldUp(announces: Bool) async throws {
        var setting = Bench.Setting()
        setting.heartbeat = "500ms"
        setting.timeout = "60s"
        let bench = try await Bench.make("a", setting)
        let mark = bench.root.path(of: "child")
        try bench.script(
            "researcher",
            """
            import subprocess, threading, time
            plain = answer
            def beat():
                while True:
                    os.write(1, b'{"jsonrpc":"2.0","method":"agent/beat"}\\n')
                    time.sleep(0.1)
            def answer(**words):
                if \(announces ? "True" : "False") and words == {"result": {}}:
                    words = {"result": {"beats": True}}
                    threading.Thread(target=beat, daemon=True).start()
                plain(**words)
            def before(turn, attempt):
                if os.path.exists("\(mark)"):
                    return
                child = subprocess.Popen(["sleep", "1000"])
                with open("\(mark).part", "w") as file:
                    file.write(str(child.pid))
                os.rename("\(mark).part", "\(mark)")
                child.wait()
            """
        )
        let live = try LiveBench(bench)
        live.feed.add(Bench.days[0])
        #expect(try await eventually(within: .seconds(20)) { bench.root.contains("child") })
        let number = String(decoding: try bench.root.read("child"), as: UTF8.self)
        let child = try #require(Int32(number))

        kill(child, SIGSTOP)
        let isBack = try await eventually(within: .seconds(20)) {
            try await bench.git.lines("log", "--all", "--format=%an").contains("researcher")
        }
        try await live.stop()

        #expect(isBack)
        #expect(live.log.lines.contains { $0.contains("it was stopped for two beats") })
        #expect(try await eventually { kill(child, 0) != 0 }, "it was left behind")
    }

    @Test("beats in the middle of a turn change nothing about it")
    func duringTurns() async throws {
        let bench = try await Bench.make()
        let beat = "print('{\"jsonrpc\":\"2.0\",\"method\":\"agent/beat\"}', flush=True)"
        try bench.script(
            "researcher",
            "def before(turn, attempt):\n    \(beat)\ndef after(turn, attempt):\n    \(beat)\n"
        )
        try bench.run(through: 4)

        #expect(try await bench.heads() == Bench.undisturbed(4))
    }
}
