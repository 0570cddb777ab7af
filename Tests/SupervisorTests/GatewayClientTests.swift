// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@testable import Supervisor

@Suite("The gateway of a desk", .scratchFolder)
struct GatewayClientTests {
    private static let agents = [
        ("ingestor", "role: ingestor, every: bar"), ("executor", "role: executor, on: [bars]"),
    ]

    /// An executor that asks the gateway in each turn and remembers what it heard.
    private static let asking = """
        import socket
        gateway = None
        def before(turn, attempt):
            global gateway
            if gateway is None:
                gateway = socket.socket(fileno=context["gatewayDescriptor"]).makefile("rw")
            gateway.write("ping\\n")
            gateway.flush()
            heard = gateway.readline()
            if not heard:
                raise SystemExit(1)
            note(1, heard)
        """

    private func make(_ name: String) async throws -> Bench {
        let bench = try await Bench.make(name, Bench.Setting(agents: Self.agents))
        try bench.write("scripts", "gateway.py", GatewayScript.withClients)
        try bench.script("executor", Self.asking)
        return bench
    }

    @Test("an executor is handed a connection and can use it in each turn")
    func connected() async throws {
        let bench = try await make("a")
        let log = EventLog()

        try bench.run(through: 3, log: log)

        #expect(log.failures == [])
        let notes = try await bench.files(of: "executor", in: "notes")
        #expect(notes.count == 3)
        #expect(try await bench.show("agents/executor:\(notes[2])") == "pong\n")
        #expect(try bench.scripts.read("clients") == Array("{\"role\":\"executor\"}\n".utf8))
        let requests = String(decoding: try bench.scripts.read("requests"), as: UTF8.self)
        let day = "session/settle\nround/begin\n"
        #expect(requests == day + day + day + "ledger/summary\n")
    }

    /// A verifier that lets the intents of odd turns pass.
    private static let judging = """
        def after(turn, attempt):
            for number, signal in enumerate(mail, 1):
                say(number, "verdict", {"kind": "intent", "subject": signal["id"],
                    "action": "enter", "symbol": "MSFT", "side": "long",
                    "strategy_hash": digest("s"), "size": 0.02, "close": 30.5,
                    "stop": 0.05, "hold": 4, "good_through": "2000-02-01",
                    "passed": turn % 2 == 1, "rules": [{"holds": turn % 2 == 1}]})
        """

    @Test("passed verdicts on intents are handed to the gateway before the executor reads them")
    func verdicts() async throws {
        var setting = Bench.Setting(agents: Self.agents)
        setting.agents[1].text = "role: executor, on: [verdict]"
        setting.agents += [
            ("researcher", "role: researcher, on: [bars]"),
            ("verifier", "role: verifier, on: [intent]"),
        ]
        let bench = try await Bench.make("a", setting)
        try bench.write("scripts", "gateway.py", GatewayScript.withClients)
        try bench.script("executor", Self.asking)
        try bench.script("verifier", Self.judging)
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                say(9, "intent",
                    {"strategy_hash": digest("s"), "symbol": "MSFT", "action": "enter"})
            """
        )
        let log = EventLog()

        try bench.run(through: 3, log: log)

        #expect(log.failures == [])
        let lines = String(decoding: try bench.scripts.read("verdicts"), as: UTF8.self)
        let found = try lines.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
        let permit = try #require(found.first?["permit"])
        let place = try #require(found.first?["found"]?.stringValue?.split(separator: " "))
        let path = "agents/verifier/signals/0000/00/000001-1-verdict.json"
        #expect(found.count == 2)
        #expect(place.first == "agents/verifier")
        #expect(try await bench.show("\(place[1]):\(path)").contains("MSFT"))
        #expect(permit["action"] == "enter")
        #expect(permit["size"] == "0.02")
        #expect(permit["close"] == "30.5")
        #expect(permit["stop"] == "0.05")
        #expect(permit["target"] == .null)
        #expect(permit["hold"] == 4)
        #expect(permit["intent"]?.stringValue?.hasPrefix("intent-") == true)
        let requests = String(decoding: try bench.scripts.read("requests"), as: UTF8.self)
        #expect(requests.contains("round/begin\nverdict/record\n"))
        // This gateway says of none that it has recorded it.
        #expect(log.lines.count { $0.hasPrefix(Self.notHandedIn) } == 2)
    }

    private static let notHandedIn = "a verdict was not handed to the gateway"

    @Test("verdicts are handed in for executors alone, from the commits of verifiers alone")
    func onlyForExecutors() async throws {
        let agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("executor", "role: executor, on: [verdict, bars]"),
            ("researcher", "role: researcher, on: [bars]"),
            ("risk", "role: risk, on: [verdict]"), ("verifier", "role: verifier, on: [intent]"),
        ]
        let bench = try await Bench.make("a", Bench.Setting(agents: agents))
        try bench.write("scripts", "gateway.py", GatewayScript.withClients)
        try bench.script("verifier", Self.judging)
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                say(9, "intent",
                    {"strategy_hash": digest("s"), "symbol": "MSFT", "action": "enter"})
            """
        )
        let log = EventLog()

        try bench.run(through: 3, log: log)

        #expect(log.failures == [])
        #expect(try await bench.subjects(of: "risk").count > 1)
        let lines = String(decoding: try bench.scripts.read("verdicts"), as: UTF8.self)
        let found = try lines.split(separator: "\n").map { line in
            try JSON(parsing: Array(line.utf8))["found"]?.stringValue ?? ""
        }
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.hasPrefix("agents/verifier ") && !$0.contains("\n") })
    }

    @Test("a passed verdict that makes no sense is passed over, and said, and the desk goes on")
    func nonsense() async throws {
        let agents = [
            ("ingestor", "role: ingestor, every: bar"),
            ("executor", "role: executor, on: [verdict]"),
            ("researcher", "role: researcher, on: [bars]"),
            ("verifier", "role: verifier, on: [intent]"),
        ]
        let bench = try await Bench.make("a", Bench.Setting(agents: agents))
        try bench.write("scripts", "gateway.py", GatewayScript.withClients)
        try bench.script("verifier", Self.judging.replacing("30.5", with: "0"))
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                say(9, "intent",
                    {"strategy_hash": digest("s"), "symbol": "MSFT", "action": "enter"})
            """
        )
        let log = EventLog()

        try bench.run(through: 3, log: log)

        let told = log.lines.filter { $0.hasPrefix(Self.notHandedIn) }
        #expect(told.count == 2)
        #expect(told.allSatisfy { $0.contains("size or close is out of range") })
        #expect(!bench.scripts.contains("verdicts"))
        #expect(try await bench.subjects(of: "executor").count >= 2)
    }

    @Test("a gateway that dies is started again and its clients are connected anew")
    func died() async throws {
        let whole = try await make("whole")
        try whole.run(through: 4)
        let bench = try await make("a")
        let log = EventLog()

        try bench.run(through: 4, log: log) { day in
            guard day == 2 else { return }
            do { try bench.scripts.replace("die", with: []) } catch { Issue.record(error) }
        }

        #expect(try await bench.heads() == whole.heads())
        let clients = String(decoding: try bench.scripts.read("clients"), as: UTF8.self)
        #expect(clients.split(separator: "\n").count == 2)
        #expect(log.lines.allSatisfy { $0.contains("attempt=0") })
    }

    @Test("a gateway that does not stay alive ends the desk with a hint")
    func dead() async throws {
        let bench = try await Bench.make()
        try bench.write("scripts", "gateway.sh", "exit 1\n")

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 1) }

        #expect(error?.code == .gateway)
        #expect(error?.message.hasPrefix("the gateway does not stay alive: ") == true)
        #expect(error?.hint == "read .loopdesk/logs/gateway.log")
        #expect(try await bench.subjects(of: "ingestor").isEmpty)
    }

    @Test("a gateway that refuses ends the desk with its words")
    func refusing() async throws {
        let bench = try await Bench.make()
        try bench.write(
            "scripts",
            "gateway.sh",
            """
            read -r line
            echo '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"the ledger is broken"}}'
            read -r line
            """
        )

        let error = #expect(throws: SupervisorError.self) { try bench.run(through: 1) }

        #expect(error?.code == .gateway)
        #expect(error?.message == "session/settle: gateway: the ledger is broken")
    }
}
