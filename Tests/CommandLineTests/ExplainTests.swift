// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk explain", .scratchFolder)
struct ExplainTests {
    /// A desk that trades within a year: a market with a strong edge, and few rules.
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
                .replacingFirst("window: 504", with: "window: 60")
                .replacingFirst("cadence: 21", with: "cadence: 10")
        }
        try desk.edit("agents/verifier/SKILL.md") { Self.lenient($0) }
        try desk.edit("skills/trading-rules/SKILL.md") { Self.lenient($0) }
        try await desk.commit()
        return desk
    }

    /// The skill with one easy rule in the place of all rules for a report.
    private static func lenient(_ skill: String) -> String {
        let start = "## Rules for a report\n"
        let end = "## Rules for an intent\n"
        guard let rules = skill.split(separator: start, maxSplits: 1).last,
            let rest = rules.split(separator: end, maxSplits: 1).last
        else { return skill }
        let head = skill.dropLast(rules.count)
        return "\(head)\n- It traded. `trades >= 1`\n\n\(end)\(rest)"
    }

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
