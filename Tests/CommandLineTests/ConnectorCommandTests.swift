// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import TestSupport
import Testing

@Suite("Connectors and the server on the command line", .scratchFolder)
struct ConnectorCommandTests {
    /// A desk that has itself as a connector, over the pipes of a second process.
    private func deskOfItself() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        let program = try BuiltProduct.path("loopdesk")
        try desk.edit("orchestrator.yml") {
            $0 + "\nconnectors:\n  self:\n    command: [\(program), mcp, --desk, \(desk.path)]\n"
                + "  gone: {command: [no-such-program]}\n"
        }
        try await desk.commit()
        return desk
    }

    @Test("a connector is checked, listed and called; another one is not there")
    func whole() async throws {
        let desk = try await deskOfItself()

        let checked = try await desk.run("connectors", "check", "self", "--json")
        let tools = try await desk.json("connectors", "tools", "self")
        let value = try await desk.json(
            "connectors",
            "call",
            "self",
            "evaluate",
            #"{"expression": "x * 2", "bindings": {"x": 21}}"#
        )
        let failed = try await desk.run("connectors", "call", "self", "explain", #"{"id": "o-1"}"#)
        let gone = try await desk.run("connectors", "check", "gone")

        #expect(checked.stdout.contains(#""revision":"2026-07-28""#), "\(checked.stderr)")
        let names = tools["tools"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(names.prefix(2) == ["desk_status", "list_signals"])
        #expect(names.contains("propose") && names.contains("backtest"))
        #expect(value["structured"]?["text"] == "42")
        #expect(failed.status == 1)
        #expect(failed.stdout.contains("nothing on this desk has the id 'o-1'"))
        #expect(gone.status == 1)
        #expect(gone.stdout.contains("no such program"))
    }

    @Test("a connector whose secret is missing is not used, and it is said which secret that is")
    func missingSecret() async throws {
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") {
            $0 + "\nconnectors:\n"
                + "  web: {url: \"http://127.0.0.1:9/mcp\", secret: env:NO_SUCH_KEY}\n"
                + "  own: {command: [\"true\"], environment: {KEY: env:NO_SUCH_KEY}}\n"
        }
        try await desk.commit()

        for name in ["web", "own"] {
            let result = try await desk.run("connectors", "check", name)

            #expect(result.status == 65, "\(result)")
            #expect(result.stderr.contains("connector \(name): env:NO_SUCH_KEY holds no secret"))
        }
    }

    @Test("a definition that differs from what was accepted is refused until it is accepted")
    func quarantine() async throws {
        let desk = try await deskOfItself()
        _ = try await desk.json("connectors", "tools", "self")
        let pins = desk.folder.folder(".loopdesk").folder("connectors")
        let text = String(decoding: try pins.read("self.json"), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.contains("evaluate") })
        let other = line.replacing(/[0-9a-f]{64}/, with: String(repeating: "0", count: 64))
        try pins.replace("self.json", with: Array(text.replacing(line, with: other).utf8))

        let refused = try await desk.run("connectors", "call", "self", "desk_status")
        let checked = try await desk.run("connectors", "check", "self", "--json")
        let found = try JSON(parsing: checked.stdout)["connectors"]?.arrayValue?.first
        let hash = try #require(found?["hash"]?.stringValue)
        let wrong = try await desk.run(
            "connectors",
            "accept",
            "self",
            String(repeating: "1", count: 12)
        )
        let accepted = try await desk.run("connectors", "accept", "self", hash)
        let called = try await desk.run("connectors", "call", "self", "desk_status")

        #expect(refused.status == 1)
        #expect(refused.stderr.contains("evaluate is changed"))
        #expect(checked.status == 1)
        #expect(found?["changes"] == ["evaluate is changed"])
        #expect(wrong.status == 1)
        #expect(accepted.isSuccess)
        #expect(called.isSuccess)
    }

    @Test("a strategy that is put forward waits for the researcher, once")
    func proposal() async throws {
        let desk = try await deskOfItself()
        let strategy = #"""
            {"strategy": {"name": "mine", "universe": ["AAPL"], "side": "long", "size": 0.02,
             "enter": "close > sma(close, 5)", "exit": "close < sma(close, 5)"}}
            """#

        let first = try await desk.json("connectors", "call", "self", "propose", strategy)
        let again = try await desk.json("connectors", "call", "self", "propose", strategy)

        #expect(first["structured"]?["new"] == true, "\(first.compactText)")
        #expect(first["structured"]?["agent"] == "researcher")
        #expect(again["structured"]?["new"] == false)
        let waiting = try desk.folder.folder(".loopdesk/triggers/waiting").names()
        #expect(waiting.contains { $0.contains("researcher.person") })
    }

    @Test("tools that ask for orders are there only if the owner says so")
    func orders() async throws {
        let desk = try await deskOfItself()
        let hash = String(repeating: "a", count: 64)
        let wish = #"{"strategy_hash": "\#(hash)", "symbol": "AAPL", "name": "one"}"#

        let off = try await desk.json("connectors", "tools", "self")
        let refused = try await desk.run("connectors", "call", "self", "enter_position", wish)
        try desk.edit("orchestrator.yml") { $0 + "\nmcp: {orders: true}\n" }
        try await desk.commit()
        let pins = desk.folder.folder(".loopdesk").folder("connectors")
        try pins.removeFile("self.json")
        let on = try await desk.json("connectors", "tools", "self")
        let first = try await desk.json("connectors", "call", "self", "enter_position", wish)
        let again = try await desk.json("connectors", "call", "self", "enter_position", wish)
        let other = try await desk.run(
            "connectors",
            "call",
            "self",
            "enter_position",
            wish.replacing("AAPL", with: "XYZ")
        )
        let halted = try await desk.json("connectors", "call", "self", "halt", #"{"reason": "x"}"#)

        let names = ["enter_position", "leave_position", "halt"]
        func listed(_ tools: JSON) -> [String] {
            (tools["tools"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
                .filter(names.contains)
        }
        #expect(listed(off) == [] && listed(on) == names)
        #expect(!refused.isSuccess, "\(refused.stdout)")
        #expect(first["structured"]?["new"] == true, "\(first.compactText)")
        #expect(again["structured"]?["new"] == false)
        #expect(!other.isSuccess && other.stdout.contains("does not trade XYZ"), "\(other)")
        #expect(halted["structured"]?["halted"] == true)
        #expect(desk.folder.folder(".loopdesk/halt").contains("latch"))
    }

    @Test("a server behind HTTP wants a token that is worth its name, on the loopback only")
    func token() async throws {
        let desk = try await TestDesk.make()
        try desk.folder.replace("short", with: Array("abc".utf8))
        try desk.folder.replace("odd", with: Array("0123456789abcdef\u{E9}".utf8))
        try desk.folder.replace("long", with: Array("0123456789abcdef".utf8))

        let short = try await desk.run(
            "mcp",
            "--http",
            "127.0.0.1:0",
            "--token-file",
            "\(desk.path)/short"
        )
        let odd = try await desk.run(
            "mcp",
            "--http",
            "127.0.0.1:0",
            "--token-file",
            "\(desk.path)/odd"
        )
        let outside = try await desk.run(
            "mcp",
            "--http",
            "0.0.0.0:0",
            "--token-file",
            "\(desk.path)/long"
        )
        let none = try await desk.run("mcp", "--http", "127.0.0.1:0")

        #expect(short.status == 65)
        #expect(short.stderr.contains("at least 16 visible"))
        #expect(odd.status == 65)
        #expect(odd.stderr.contains("at least 16 visible"))
        #expect(outside.status == 65)
        #expect(outside.stderr.contains("not of the loopback"))
        #expect(none.status == 64)
    }
}
