// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@testable import Agents

@Suite("What a program's output says")
struct ProgramOutputTests {
    private func report(_ kind: String) throws -> ProgramReport? {
        let desk = try DeskConfiguration(
            parsing: """
                version: 1
                name: programs
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: csv, path: bars.csv}, symbols: [IBM], session_close: "21:00"}
                account: {capital: 1000000}
                agents:
                  one: {role: researcher, on: [bars], command: [a], program: {kind: \(kind)}}
                """
        )
        return desk.agents.first?.program?.report
    }

    private func read(_ kind: String, _ lines: String...) throws -> ProgramOutput {
        var output = ProgramOutput(try report(kind))
        for line in lines { output.take(Array(line.utf8)) }
        return output
    }

    @Test("Codex has ended well with its last event, whatever warnings came before")
    func codex() throws {
        let output = try read(
            "codex",
            #"{"type":"item.completed","item":{"type":"error","message":"a mere warning"}}"#,
            #"{"type":"item.completed","item":{"type":"agent_message","text":"first"}}"#,
            "no JSON {",
            #"{"type":"item.completed","item":{"type":"agent_message","text":"proposed it"}}"#,
            #"{"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":40,"#
                + #""output_tokens":20}}"#
        )

        #expect(output.fault == nil)
        #expect(output.words == "proposed it")
        let prices = ProgramPrices(input: Decimal8(1), cached: .zero, output: Decimal8(10))
        #expect(output.spending(nil)?.tokens == 120 && output.spending(nil)?.money == nil)
        #expect(output.spending(prices)?.money?.description == "0.00026")
    }

    @Test("a failure of Codex is told with its reason")
    func failure() throws {
        let output = try read(
            "codex",
            #"{"type":"turn.failed","error":{"message":"unexpected status 401"}}"#
        )

        #expect(output.fault == "it says that it failed: unexpected status 401")
    }

    @Test("numbers that no run can have cost are bounded, and never stop us")
    func bounds() throws {
        let output = try read(
            "claude",
            #"{"type":"result","subtype":"success","is_error":false,"total_cost_usd":1e300,"#
                + #""usage":{"input_tokens":9223372036854775807,"output_tokens":-5}}"#
        )

        #expect(output.fault == nil)
        #expect(output.spending(nil)?.tokens == TurnSpending.limits.tokens)
        #expect(output.spending(nil)?.money == TurnSpending.limits.money)
    }

    @Test(
        "a run is over with its final event, and good only if that says so",
        arguments: [
            (#"{"type":"assistant"}"#, "its output has no final event"),
            (#"{"type":"result","subtype":"success","is_error":true}"#, "it says that it failed"),
            (#"{"type":"result","subtype":"success"}"#, "it says that it failed"),
            (
                #"{"type":"result","subtype":"error_max_turns","is_error":false}"#,
                "it did not come to its end: error_max_turns"
            ),
        ]
    )
    func ends(line: String, words: String) throws {
        let fault = try #require(try read("claude", line).fault)

        #expect(fault.hasPrefix(words), "\(fault)")
    }

    @Test("words and reasons are cut, and what is paid is counted up")
    func cut() throws {
        func result(_ count: Int, _ isError: Bool, _ cost: String = "0") -> String {
            #"{"type":"result","subtype":"success","is_error":\#(isError),"#
                + #""total_cost_usd":\#(cost),"result":"\#(String(repeating: "z", count: count))"}"#
        }

        let words = try read("claude", result(5_000, false)).words
        let fault = try read("claude", result(600, true)).fault
        let small = try read("claude", result(1, false, "0.000000001")).spending(nil)
        let owed = try read("claude", result(1, false, "-1")).spending(nil)
        let dear = try read("claude", result(1, false, "2000000")).spending(nil)

        #expect(words?.count == ProgramOutput.wordLimit)
        #expect(fault?.count { $0 == "z" } == 500)
        #expect(small?.money == Decimal8(units: 1))
        #expect(owed?.money == nil)
        #expect(dear?.money == TurnSpending.limits.money)
    }

    @Test("tokens are never fewer than none, and never more than a run can have used")
    func tokens() throws {
        func spent(_ kind: String, _ usage: String) throws -> TurnSpending? {
            let name = kind == "codex" ? "turn.completed" : "result"
            return try read(kind, #"{"type":"\#(name)","usage":{\#(usage)}}"#).spending(nil)
        }
        let most = "9223372036854775807"

        let less = try spent("claude", #""input_tokens":-5,"output_tokens":10"#)
        let more = try spent(
            "claude",
            #""input_tokens":\#(most),"cache_creation_input_tokens":\#(most),"#
                + #""output_tokens":\#(most)"#
        )
        let cached = try spent(
            "codex",
            #""input_tokens":100,"cached_input_tokens":200,"output_tokens":1"#
        )
        var codex = ProgramOutput(try report("codex"))
        codex.take(
            Array(#"{"type":"turn.completed","usage":{"input_tokens":\#(most)}}"#.utf8)
        )
        let price = Decimal8(50_000)
        let prices = ProgramPrices(input: price, cached: price, output: price)

        #expect(less?.tokens == 10)
        #expect(more?.tokens == TurnSpending.limits.tokens)
        #expect(cached?.tokens == 201)
        #expect(codex.spending(prices)?.money == TurnSpending.limits.money)
    }

    @Test("without a report there is nothing to find and nothing to fail")
    func none() throws {
        let output = try read("once", #"{"type":"result","is_error":true}"#)

        #expect(output.fault == nil && output.words == nil && output.spending(nil) == nil)
    }

    @Test("what the owner's command says stands, and what is missing is added")
    func setup() {
        func words(_ kind: ProgramConfiguration.Kind, _ command: String...) -> [String] {
            ProgramSetup(
                kind: kind,
                command: command,
                home: "/h",
                modelAddress: "http://m",
                toolsAddress: "http://t"
            ).words
        }

        let claude = words(.claude, "claude", "-p", "--output-format", "stream-json", "--verbose")
        #expect(claude.filter { $0 == "--output-format" }.count == 1)
        #expect(!claude.contains("--print") && claude.contains("--strict-mcp-config"))
        #expect(claude.suffix(3) == ["--mcp-config", "/h/mcp.json", "--strict-mcp-config"])
        let codex = words(.codex, "codex", "-m", "x")
        #expect(codex.prefix(2) == ["codex", "exec"] && codex.last == "-")
        let bounded = words(.codex, "codex", "exec", "--sandbox", "read-only")
        #expect(!bounded.contains("--dangerously-bypass-approvals-and-sandbox"))
        #expect(words(.once, "python3", "a.py") == ["python3", "a.py"])
    }

    @Test("a proposal gets its hash, and what cannot be read is left alone")
    func completion() throws {
        let file: JSON = [
            "schema": 1, "topic": "proposal",
            "body": [
                "strategy": [
                    "name": "a", "family": "average", "universe": ["IBM"], "side": "long",
                    "size": .double(0.02), "parameters": ["n": 20], "features": .object([]),
                    "enter": "close > sma(close, n)", "exit": "close < sma(close, n)",
                ], "why": "it may work",
            ],
        ]

        let whole = try #require(ProposalCompletion.completed(file))

        #expect(whole["body"]?["strategy_hash"]?.stringValue?.utf8.count == 64)
        #expect(whole["body"]?["family"] == "average" && whole["body"]?["why"] == "it may work")
        try SignalSchema.check(.proposal, try #require(whole["body"]), file: "1-proposal.json")
        #expect(ProposalCompletion.completed(whole) == nil)
        #expect(ProposalCompletion.completed(["topic": "proposal", "body": "x"]) == nil)
        #expect(
            ProposalCompletion.completed(["topic": "proposal", "body": ["strategy": ["name": "a"]]])
                == nil
        )
    }
}
