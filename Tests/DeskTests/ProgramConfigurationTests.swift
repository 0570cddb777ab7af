// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Programs that are started for each turn, as configured")
struct ProgramConfigurationTests {
    private func agent(_ entry: String, role: String = "researcher") throws -> AgentConfiguration {
        let desk = try DeskConfiguration(
            parsing: """
                version: 1
                name: programs
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: csv, path: bars.csv}, symbols: [IBM], session_close: "21:00"}
                account: {capital: 1000000}
                connectors:
                  clock: {command: [clock]}
                agents:
                  one: {role: \(role), on: [bars], \(entry)}
                """
        )
        return try #require(desk.agents.first)
    }

    private func fault(_ entry: String, role: String = "researcher") -> String {
        do {
            _ = try agent(entry, role: role)
            return "no fault"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "the name of the program says what kind it is, and program says it better",
        arguments: [
            ("command: [tools/agent.py]", nil),
            ("command: [tools/agent.py], program: {kind: lines}", nil),
            ("command: [python3, agent.py], program: {kind: once}", "once"),
            ("command: [python3, agent.py], program: {timeout: 5m}", "once"),
            ("command: [claude, -p]", "claude"),
            ("command: [/opt/bin/codex, exec]", "codex"),
            ("command: [tools/wrapper.sh], program: {kind: claude}", "claude"),
            ("command: [claude], program: {kind: once}", "once"),
        ] as [(String, String?)]
    )
    func kinds(_ entry: String, _ kind: String?) throws {
        #expect(try agent(entry).program?.kind.rawValue == kind)
    }

    @Test("an assistant rests in a replay, has time, a prompt, tools and a report")
    func assistant() throws {
        let claude = try agent("command: [claude]")

        let program = try #require(claude.program)
        #expect(program.timeout?.description == "10m" && program.prompt == .input)
        #expect(program.tools == ProgramConfiguration.deskTools && program.report?.final != nil)
        #expect(claude.restsInReplay && claude.hasTools && claude.hasWayOut)
        let script = try agent("command: [python3, a.py], program: {kind: once}")
        #expect(!script.restsInReplay && !script.hasTools && !script.hasWayOut)
        #expect(script.program?.report == nil && script.program?.timeout == nil)
    }

    @Test("a verifier is given no tool that reads what others wrote")
    func blind() throws {
        #expect(try agent("command: [claude]", role: "verifier").program?.tools == ["evaluate"])
        let asked = fault("command: [claude], program: {tools: [read_signal]}", role: "verifier")
        #expect(asked.contains("found 'read_signal'; expected one of evaluate"), "\(asked)")
    }

    @Test(
        "what cannot be meant is refused with what to do",
        arguments: [
            ("program: {kind: once}", "there is no command"),
            ("command: [claude], program: {kind: daily}", "expected one of lines, once, claude"),
            ("command: [a], program: {kind: lines, timeout: 5m}", "means nothing to a program"),
            ("command: [a], program: {kind: once, color: red}", "unknown key"),
            ("command: [claude], program: {tools: [propose]}", "found 'propose'; expected one of"),
            ("command: [claude], sandbox: {level: B}", "tools need a network of the agent's own"),
            ("command: [a], program: {kind: once, report: {text: x}}", "final: missing"),
            ("command: [a], program: {report: {final: {}}}", "expected members with a plain value"),
            (
                "command: [codex], program: {prices: {input: -1, output: 2}}",
                "the price of a million"
            ),
            ("command: [codex], goal: {until: turns > 3, money: 5}", "does not say what it costs"),
            (
                "command: [a], program: {kind: once}, goal: {until: turns > 3, tokens: 5}",
                "does not say how many"
            ),
        ]
    )
    func faults(_ entry: String, _ expected: String) {
        #expect(fault(entry).contains(expected), "\(fault(entry))")
    }

    @Test("a role that keeps a connection to the gateway cannot be started for each turn")
    func gateway() {
        let told = fault("command: [a], program: {kind: once}", role: "risk")

        #expect(told.contains("must stay: kind: lines"), "\(told)")
    }

    @Test("the environment has a home, addresses and words in place of a key")
    func variables() throws {
        let claude = try agent(
            "command: [claude], sandbox: {credentials: {model: {url: \"https://a.example\","
                + " header: x-api-key, secret: \"env:KEY\"}}}"
        )

        let all = claude.variables(home: "/h", port: 1000)
        let variables = Dictionary(all.map { ($0.name, $0.value) }) { first, _ in first }

        #expect(variables["HOME"] == "/h")
        #expect(variables["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:1000/model")
        #expect(variables["ANTHROPIC_API_KEY"] == "the-desk-adds-the-key")
        #expect(variables["LOOPDESK_MCP_URL"] == "http://127.0.0.1:1000/.loopdesk/mcp")
        #expect(variables["NO_PROXY"] == "127.0.0.1,localhost")
        #expect(try agent("command: [tools/a.py]").variables(home: "/h", port: 1).isEmpty)
    }

    @Test("a word that names a file of the desk is that file, behind a program of the system alone")
    func words() throws {
        let script = try agent("command: [python3, -S, agent.py, agent.py]")
        let files: Set = ["agent.py"]

        let found = script.words(inDesk: "/d") { files.contains($0) }

        #expect(found.words == ["python3", "-S", "/d/agent.py", "agent.py"])
        #expect(found.script == "/d/agent.py")
        #expect(script.words(inDesk: "/d") { _ in false }.words == script.command)
        let own = try agent("command: [tools/run, agent.py]")
        #expect(own.words(inDesk: "/d") { _ in true }.script == nil)
        let outside = try agent("command: [python3, ../agent.py]")
        #expect(outside.words(inDesk: "/d") { _ in true }.script == nil)
    }

    @Test("a price is rounded up, and one out of range is none")
    func prices() {
        let prices = ProgramPrices(
            input: Decimal8(3),
            cached: Decimal8("0.3") ?? .zero,
            output: Decimal8(15)
        )

        #expect(prices.cost(input: 1_000_000, cached: 0, output: 0) == Decimal8(3))
        #expect(prices.cost(input: 0, cached: 1, output: 0)?.description == "0.0000003")
        #expect(prices.cost(input: 1, cached: 1, output: 1)?.description == "0.0000183")
        #expect(prices.cost(input: -1, cached: 0, output: 0) == nil)
        #expect(prices.cost(input: .max, cached: .max, output: .max) == nil)
    }
}
