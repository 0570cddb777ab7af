// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import Testing
import TestSupport

@Suite("loopdesk explain", .scratchFolder)
struct ExplainTests {
    /// A desk that trades within a year.
    ///
    /// It has a market with a strong edge, and a verifier that believes everything. The native one would not look before five years have gone by.
    private func makeTradingDesk() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        try desk.simulate(seed: 1, edge: 1)
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst("through: \(TestDesk.lastDay)", with: "through: 2001-03-16")
                .replacingFirst("[AAPL, FB, GOOG, IBM, MSFT]", with: "[AAPL]")
                .replacingFirst(
                    "{AAPL: technology, FB: technology, GOOG: technology, IBM: technology,"
                        + " MSFT: technology}",
                    with: "{AAPL: technology}"
                )
                .replacingFirst("sealed_years: 2", with: "sealed_years: 0")
                .replacingFirst("cadence: 21", with: "cadence: 10")
                .replacingFirst(
                    "    role: verifier\n",
                    with: "    role: verifier\n    command: [./believer.py]\n"
                )
        }
        try desk.write(Self.believer, to: "believer.py")
        _ = chmod("\(desk.path)/believer.py", 0o755)
        try await desk.commit()
        return desk
    }

    private static let believer = """
        #!/usr/bin/env python3
        import json, os, sys
        TESTS = \(JSON.array(GateTests.names.map { .string($0) }).compactText)
        RULES = [{"rule": "It was asked for.", "holds": True}]

        def verdict(signal, time):
            body = {"kind": signal["topic"], "subject": signal["id"], "passed": True,
                    "strategy_hash": signal["body"].get("strategy_hash"), "rules": RULES}
            if signal["topic"] == "report":
                body["approved_until"] = "2010-01-01"
                body["gate"] = {"passed": True,
                                "tests": [{"name": n, "outcome": "held"} for n in TESTS]}
            else:
                with open(f"{market}/history.csv") as file:
                    close = float(file.read().split()[-1].split(",")[5])
                body.update(action=signal["body"]["action"], symbol=signal["body"]["symbol"],
                            side="long", size=0.02, close=close, hold=5, good_through="2010-01-01")
            return body

        for request in map(json.loads, sys.stdin):
            parameters = request["params"]
            if request["method"] == "agent/start":
                market, state = parameters["marketFolder"], f"agents/{parameters['agent']}/STATE.md"
            else:
                for number, name in enumerate(sorted(os.listdir("inbox"))):
                    with open(f"inbox/{name}") as file:
                        signal = json.load(file)
                    if signal["topic"] not in ("report", "intent"):
                        continue
                    with open("outbox/x.part", "w") as file:
                        json.dump({"schema": 1, "topic": "verdict",
                                   "body": verdict(signal, parameters["time"])}, file)
                    os.rename("outbox/x.part", f"outbox/{number + 1}-verdict.json")
                with open(state, "w") as file:
                    file.write("---\\n---\\n")
            print(json.dumps({"jsonrpc": "2.0", "id": request["id"],
                              "result": {"summary": "believed"}}), flush=True)

        """

    /// The first file of a topic on an agent's branch.
    private func firstSignal(
        _ desk: TestDesk,
        _ agent: String,
        _ topic: String
    ) async throws -> (path: String, body: JSON) {
        let paths = try await desk.git.lines("ls-tree", "-r", "--name-only", "agents/\(agent)")
        let path = try #require(paths.sorted().first { $0.hasSuffix("-\(topic).json") })
        let text = try await desk.git.run("show", "agents/\(agent):\(path)").stdout
        return (path, try #require(try JSON(parsing: Array(text.utf8))["body"]))
    }

    @Test("an order is followed back to the proposal, each link with the commit that brought it")
    func order() async throws {
        let desk = try await makeTradingDesk()
        _ = try await desk.run("replay")
        let order = try await firstSignal(desk, "executor", "order")
        let id = try #require(order.body["order"]?.stringValue)

        let json = try await desk.json("explain", id)
        let text = try await desk.run("explain", id)

        let chain = try #require(json["chain"]?.arrayValue)
        let topics = chain.compactMap { $0["topic"]?.stringValue }
        #expect(topics.first == "order")
        #expect(Set(topics) == ["order", "verdict", "intent", "report", "proposal"])
        for link in chain {
            let agent = try #require(link["agent"]?.stringValue)
            let commit = try #require(link["commit"]?.stringValue)
            let path = try #require(link["path"]?.stringValue)
            let added = try await desk.git.lines(
                "log",
                "--format=%H",
                "--diff-filter=A",
                "agents/\(agent)",
                "--",
                path
            )
            #expect(added == [commit], "\(path)")
            #expect(text.stdout.contains("\(commit.prefix(12)) on agents/\(agent)"))
        }
        #expect(chain.first?["path"]?.stringValue == order.path)
        let verdict = try #require(chain[1]["id"]?.stringValue)
        #expect(order.body["verdict"]?.stringValue == verdict)
        let shorter = try await desk.json("explain", verdict)
        #expect(shorter["chain"]?.arrayValue?.first == chain[1])
        #expect(shorter["chain"]?.arrayValue?.contains { $0["topic"] == "order" } == false)
    }

    @Test(
        "an id that nothing has is refused with where to find ids",
        arguments: [
            "o-000000000000", "verdict-000000000000", "bars-000000000000", "nonsense", "",
        ]
    )
    func unknown(id: String) async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")

        let result = try await desk.run("explain", id)

        expectComplaint(result, status: 66, "'\(id)'", "agents/*/signals")
    }
}
