// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@testable import Supervisor

@Suite("A turn that fails", .scratchFolder)
struct FailureTests {
    /// A way to fail, as the body of a hook, and a word of the reason that is logged.
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let hook: String
        let body: String
        let reason: String

        static let all = [
            Fault("it exits", "before", "raise SystemExit(1)", "exited(code: 1)"),
            Fault("it exits after its files", "after", "os._exit(3)", "exited(code: 3)"),
            Fault("it is killed", "after", "os.kill(os.getpid(), 9)", "signalled(number: 9)"),
            Fault("it aborts", "before", "os.abort()", "signalled(number: 6)"),
            Fault(
                "it answers with an error",
                "before",
                "answer(error={'code': 1, 'message': 'no idea'}); return True",
                "no idea"
            ),
            Fault(
                "it answers another request",
                "after",
                "request['id'] = 99; answer(result={}); return True",
                "not a JSON-RPC 2.0 reply"
            ),
            Fault("it answers no JSON", "after", "print('hello', flush=True)", "no JSON"),
            Fault(
                "it writes a line beyond the limit",
                "after",
                "sys.stdout.write('x' * (5 << 20)); sys.stdout.flush(); time.sleep(60)",
                "line of more than"
            ),
            Fault(
                "its answer has no result",
                "after",
                "print(json.dumps({'jsonrpc': '2.0', 'id': request['id']}), flush=True);"
                    + " return True",
                "no result"
            ),
        ]

        init(_ testDescription: String, _ hook: String, _ body: String, _ reason: String) {
            (self.testDescription, self.hook, self.body, self.reason) =
                (testDescription, hook, body, reason)
        }

        /// The script of an agent that fails so in the attempts of turn 2 that satisfy a condition.
        func script(when condition: String) -> String {
            """
            def \(hook)(turn, attempt):
                if turn == 2 and \(condition):
                    \(body)
            """
        }
    }

    @Test("the same turn runs again and leaves no trace of the failure", arguments: Fault.all)
    func again(fault: Fault) async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script("researcher", fault.script(when: "attempt == 1"))

        try bench.run(through: 3, log: log)

        #expect(log.failures.count == 1)
        #expect(log.failures.first?.contains(fault.reason) == true, "\(log.failures)")
        #expect(try await bench.heads() == Bench.undisturbed(3))
        #expect(try bench.scripts.read("researcher-2.attempts").count == 2)
    }

    @Test(
        "an agent that never answers is given up at the deadline",
        arguments: ["time.sleep(60)", "sys.stdout.close(); os.close(1); time.sleep(60)"]
    )
    func hang(body: String) async throws {
        var setting = Bench.Setting()
        setting.timeout = "700ms"
        let fault = Fault("", "after", body, "")
        let bench = try await Bench.make("a", setting)
        let log = EventLog()
        try bench.script("researcher", fault.script(when: "attempt == 1"))

        try bench.run(through: 2, log: log)

        #expect(log.failures.contains { $0.contains("no answer within the time allowed") })
        #expect(try await bench.heads() == Bench.undisturbed(2, setting))
    }

    @Test("after the last attempt the inbox is parked and the desk goes on")
    func parked() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script("researcher", Fault.all[0].script(when: "True"))

        try bench.run(through: 3, log: log)

        #expect(log.failures.count == 3)
        #expect(log.lines.contains { $0.hasPrefix("inbox parked as a dead letter") })
        let letter = try await bench.deadLetter(of: "researcher")
        #expect(letter["turn"] == 2)
        #expect(letter["time"] == "2000-03-02T21:00:00Z")
        #expect(letter["reason"] == "the process ended: exited(code: 1)")
        #expect(letter["inbox"]?.arrayValue?.first?["topic"] == "bars")
        #expect(
            try await bench.subjects(of: "researcher") == [
                "turn 1 of researcher read 1",
                "dead letter: the process ended: exited(code: 1)",
                "turn 3 of researcher read 1",
            ]
        )
        let state = try await bench.show("agents/researcher~1:agents/researcher/STATE.md")
        #expect(state.contains("turn: 1"))
    }

    @Test("kills from outside are not counted against the agent")
    func foreign() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script("researcher", Fault.all[2].script(when: "attempt <= 8"))

        try bench.run(through: 3, log: log)

        #expect(log.failures.count == 8)
        #expect(log.failures.last?.contains("attempt=0") == true)
        #expect(try await bench.heads() == Bench.undisturbed(3))
    }

    @Test("an agent that is killed without end is parked at last")
    func foreignLimit() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script("researcher", "os.kill(os.getpid(), 9)")

        try bench.run(through: 1, log: log)

        #expect(log.failures.count == TurnAttempts.foreignLimit)
        let letter = try await bench.deadLetter(of: "researcher")
        #expect(letter["reason"] == "the process ended: signalled(number: 9)")
    }

    @Test("an agent that ends after each answer is started anew without a failure")
    func oneTurnAProcess() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        // The ingestor waits for its end, so that the next turn finds it ended for sure.
        try bench.script(
            "backtester",
            "def after(turn, attempt):\n    answer(result={'summary': f'turn {turn}"
                + " of {name} read {len(mail)}'}); os._exit(0)"
        )
        try bench.script("ingestor", "def before(turn, attempt): time.sleep(0.1)")

        try bench.run(through: 3, log: log)

        #expect(log.failures == [])
        #expect(try await bench.heads() == Bench.undisturbed(3))
    }

    @Test(
        "a dead letter is the same in every folder and run",
        arguments: [
            "raise SystemExit(1)",
            "def before(turn, attempt): os.remove(f'{own}/SKILL.md'); raise SystemExit(2)",
            "def after(turn, attempt): os.symlink('/etc/passwd', 'outbox/9-proposal.json')",
            "def after(turn, attempt): os.remove(f'{own}/STATE.md')",
            "def after(turn, attempt): os.rmdir('outbox') or os.mkdir('outbox/x/y')",
        ]
    )
    func sameDeadLetters(script: String) async throws {
        let one = try await Bench.make("one")
        let other = try await Bench.make("a-longer-name")
        for bench in [one, other] { try bench.script("researcher", script) }

        try one.run(through: 1)
        try other.run(through: 1)

        #expect(try await one.heads() == other.heads())
        let reason = try await one.deadLetter(of: "researcher")["reason"]?.stringValue ?? ""
        #expect(!reason.contains(try ScratchFolder.path), "\(reason)")
    }

    @Test("agents of one round fail and are tried again side by side")
    func sideBySide() async throws {
        var setting = Bench.Setting()
        setting.agents += [("other", "role: researcher, on: [bars]")]
        let bench = try await Bench.make("a", setting)
        let log = EventLog()
        try bench.script("researcher", Fault.all[0].script(when: "attempt == 1"))
        try bench.script("other", Fault.all[2].script(when: "attempt == 1"))

        try bench.run(through: 3, log: log)

        #expect(log.failures.count == 2)
        #expect(try await bench.heads() == Bench.undisturbed(3, setting))
    }

    @Test("a program that is not there is a failed turn that says so")
    func missingProgram() async throws {
        var setting = Bench.Setting()
        setting.agents = [("ingestor", "role: ingestor, every: bar")]
        let bench = try await Bench.make("a", setting)
        let text = String(decoding: try bench.desk.read("orchestrator.yml"), as: UTF8.self)
        try bench.write(
            "desk",
            "orchestrator.yml",
            text.replacing("[python3,", with: "[no-such-program,")
        )
        try await bench.commit("another program")

        try bench.run(through: 1)

        let reason = try await bench.deadLetter(of: "ingestor")["reason"]?.stringValue ?? ""
        #expect(reason.contains("no-such-program"))
    }
}
