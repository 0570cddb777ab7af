// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("Hostile programs", .scratchFolder, .timeLimit(.minutes(3)))
struct HostileProgramTests {
    /// Runs one session with a program as an agent.
    private func run(
        _ script: String,
        timeout: String = "20s"
    ) async throws -> (desk: ProgramDesk, subject: String, replay: FinishedCommand) {
        let agent = ProgramDesk.Agent(name: "hostile", script: script)
        let desk = try await ProgramDesk.make([agent], timeout: timeout)
        let replay = try await desk.desk.run("replay", "--through", "2000-03-01")
        let subjects = try await desk.subjects("hostile")
        return (desk, subjects.first ?? "no turn", replay)
    }

    private static let late = "dead letter: no answer within the time allowed"

    @Test("a line of 100 MB fails the turn, and the desk goes on")
    func longLine() async throws {
        let (desk, subject, replay) = try await run(
            "for _ in range(100): sys.stdout.write('x' * 1000000)\nremember()\n"
        )

        #expect(subject.hasPrefix("dead letter: the program cannot be used:"), "\(subject)")
        #expect(subject.contains("line"), "\(subject)")
        #expect(replay.isSuccess, "\(replay.stderr)")
        #expect(try await desk.subjects("risk").count == 1)
    }

    @Test(
        "one that hangs is ended with the deadline, whatever it ignores",
        arguments: [
            "remember()\nos.close(1)\nos.close(2)\ntime.sleep(600)\n",
            """
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            if os.fork() == 0: os.setsid()
            while True: time.sleep(600)

            """,
        ]
    )
    func hangs(_ script: String) async throws {
        let (desk, subject, replay) = try await run(script, timeout: "2s")

        #expect(subject == Self.late)
        #expect(replay.isSuccess, "\(replay.stderr)")
        #expect(!desk.isRunning("hostile"))
    }

    @Test("daemons that it leaves behind are ended with its turn, and write nothing more")
    func daemons() async throws {
        let (desk, subject, _) = try await run(
            """
            for _ in range(5):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() > 0: os._exit(0)
                    while True:
                        try: open("work/alive", "a").write("x")
                        except OSError: pass
                        time.sleep(0.01)
            remember()
            note("done")
            """
        )

        #expect(subject == "turn 1")
        #expect(!desk.isRunning("hostile"))
    }

    @Test("neither what it leaves running nor what ran it is there in its next turn")
    func leftBehind() async throws {
        let agent = ProgramDesk.Agent(
            name: "hostile",
            script: """
                def running(turn):
                    mark, found = f"LOOPDESK_TURN={turn}\\0".encode(), 0
                    for path in glob.glob("/proc/[0-9]*/environ"):
                        try: found += mark in open(path, "rb").read()
                        except OSError: pass
                    return found
                state = "agents/hostile/STATE.md"
                birth = open(f"/proc/{os.getppid()}/stat").read().rsplit(")", 1)[1].split()[19]
                same = f"birth: {birth}\\n" in open(state).read()
                note(f"{running(TURN) > 0} {running(TURN - 1)} {same}")
                open(state, "w").write(f"---\\nturn: {TURN}\\nbirth: {birth}\\n---\\n")
                if os.fork() == 0:
                    os.setsid()
                    time.sleep(600)
                """
        )
        let desk = try await ProgramDesk.make([agent])

        _ = try await desk.desk.replayedHeads()

        #expect(try await desk.subjects("hostile") == ["turn 1", "turn 2"])
        #expect(try await desk.note("hostile") == "True 0 False")
    }

    @Test("it can write nowhere but into its own places")
    func outside() async throws {
        let (desk, subject, _) = try await run(
            """
            desk = os.path.realpath("../..")
            for place in [desk + "/evil", desk + "/.loopdesk/evil"]:
                # The folders above its own are not those of the disk.
                try: open(place, "a").write("evil")
                except OSError: pass
            places = [desk + "/.git/hooks/evil", "agents/hostile/SKILL.md", "evil",
                      "inbox/evil", "/etc/evil", "/usr/evil",
                      desk + "/worktrees/risk/evil", sys.argv[0]]
            done = []
            for place in places:
                try:
                    open(place, "a").write("evil")
                    done.append(place)
                except OSError: pass
            note("wrote " + str(done))
            remember()
            """
        )

        #expect(subject == "turn 1")
        #expect(try await desk.note("hostile") == "wrote []")
        #expect(!desk.desk.folder.contains("evil"))
        #expect(!desk.desk.folder.contains(".loopdesk/evil"))
        #expect(try await desk.desk.git.lines("status", "--porcelain") == [])
    }

    @Test("a flood of errors neither stops it nor fills the disk")
    func flood() async throws {
        let (desk, subject, _) = try await run(
            "for _ in range(50): os.write(2, b'x' * 999999 + b'\\n')\nremember()\n"
        )

        #expect(subject == "turn 1")
        let logs = desk.desk.folder.folder(".loopdesk/logs")
        let sizes = try logs.names().map { try logs.size(of: $0) }
        #expect(sizes.reduce(0, +) < 8 << 20)
    }
}
