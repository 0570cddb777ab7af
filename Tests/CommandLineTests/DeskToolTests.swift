// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc
import TestSupport
import Testing

@Suite("What a desk's tools refuse", .scratchFolder)
struct DeskToolTests {
    /// A desk that has itself as a connector.
    private func deskOfItself() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        let program = try BuiltProduct.path("loopdesk")
        try desk.edit("orchestrator.yml") {
            $0 + "\nconnectors:\n  self:\n    command: [\(program), mcp, --desk, \(desk.path)]\n"
        }
        try await desk.commit()
        return desk
    }

    private static func strategy(_ symbol: String, enter: String = "close > sma(close, 5)")
        -> String
    {
        #"""
        {"strategy": {"name": "mine", "universe": ["\#(symbol)"], "side": "long", "size": 0.02,
         "enter": "\#(enter)", "exit": "close < sma(close, 5)"}}
        """#
    }

    /// So many days of a symbol.
    private static func history(_ count: Int) throws -> [UInt8] {
        var text = "symbol,timestamp,open,high,low,close,volume\n"
        let first = try #require(CalendarDate("2000-01-03"))
        for day in 0..<count {
            // A Monday was the first; there is no trading on the days between weeks.
            let date = first.adding(days: day / 5 * 7 + day % 5)
            text += "AAPL,\(date)T21:00:00Z,100,102,99,\(100 + day % 3),1000\n"
        }
        return Array(text.utf8)
    }

    @Test("a backtest ends where the sealed years begin, and counts each strategy once")
    func sealed() async throws {
        let desk = try await deskOfItself()
        let market = DeskFolder(desk.path)
        for (view, count) in [(MarketView.research, 40), (.full, 90)] {
            try market.market(view).create()
            try market.market(view).replace("history.csv", with: try Self.history(count))
        }
        func run(_ enter: String) async throws -> JSON {
            let arguments = Self.strategy("AAPL", enter: enter)
            return try await desk.json("connectors", "call", "self", "backtest", arguments)
        }

        let first = try await run("close > sma(close, 5)")
        _ = try await run("close > sma(close, 5)")
        _ = try await run("close > sma(close, 6)")
        let status = try await desk.json("connectors", "call", "self", "desk_status", "{}")

        #expect(first["structured"]?["bars"] == 40, "\(first.compactText)")
        #expect(status["structured"]?["hypotheses"] == 2, "\(status.compactText)")
    }

    @Test("what the desk does not trade, or nobody there can take up, is not put forward")
    func strangers() async throws {
        let desk = try await deskOfItself()
        let mine = Self.strategy("AAPL")
        let judged = "\(mine.dropLast()), \"agent\": \"verifier\"}"

        let symbol = try await desk.run(
            "connectors",
            "call",
            "self",
            "propose",
            Self.strategy("XYZ")
        )
        let agent = try await desk.run("connectors", "call", "self", "propose", judged)
        let long = try await desk.run(
            "connectors",
            "call",
            "self",
            "list_signals",
            #"{"limit": 201}"#
        )

        #expect(!symbol.isSuccess && symbol.stdout.contains("does not trade XYZ"), "\(symbol)")
        #expect(!agent.isSuccess && agent.stdout.contains("no such researcher"), "\(agent)")
        #expect(!long.isSuccess && long.stderr.contains("at most 200"), "\(long)")
        #expect(!desk.folder.folder(".loopdesk/triggers/waiting").exists)
    }

    @Test("a researcher for whom too many requests wait is left alone")
    func full() async throws {
        let desk = try await deskOfItself()
        let researcher = try #require(AgentName("researcher"))
        let spool = try TriggerSpool(DeskFolder(desk.path))
        for number in 0..<TriggerSpool.defaultLimit {
            let request = TriggerRequest(
                agent: researcher,
                kind: .person,
                id: "r-\(number)",
                payload: [],
                time: Instant(secondsSinceEpoch: 1_795_186_800)
            )
            #expect(try spool.accept(try #require(request)) == .new)
        }

        let result = try await desk.run(
            "connectors",
            "call",
            "self",
            "propose",
            Self.strategy("AAPL")
        )

        #expect(!result.isSuccess && result.stdout.contains("too many requests"), "\(result)")
    }

    @Test("an owner who allows no orders any more is obeyed by servers that are up already")
    func takenBack() async throws {
        let desk = try await deskOfItself()
        try desk.edit("orchestrator.yml") { $0 + "\nmcp: {orders: true}\n" }
        try await desk.commit()
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
            + #""io.modelcontextprotocol/clientCapabilities":{}}"#
        let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{\#(meta)}}"#
        let call =
            #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"halt","#
            + #""arguments":{"reason":"x"},\#(meta)}}"#
        let script = """
            set -e
            mkfifo asking answering
            "$1" mcp --desk "$2" <asking >answering &
            exec 3>asking 4<answering
            echo '\(list)' >&3; read -r first <&4
            sed -i 's/orders: true/orders: false/' "$2/orchestrator.yml"
            git -C "$2" -c user.name=a -c user.email=a@b commit -qam off
            echo '\(call)' >&3; read -r second <&4
            exec 3>&-
            wait
            printf '%s\\n' "$first" "$second"
            """

        let result = try await runCommand(
            "/bin/sh",
            ["-c", script, "sh", try BuiltProduct.path("loopdesk"), desk.path],
            folder: try ScratchFolder.path
        )

        let answers = try result.stdout.split(separator: "\n").map { line in
            try JSON(parsing: Array(line.utf8))
        }
        try #require(answers.count == 2, "\(result)")
        #expect(answers[0].compactText.contains("\"halt\""))
        #expect(answers[1]["result"]?["isError"] == true, "\(answers[1].compactText)")
        #expect(answers[1].compactText.contains("allows no orders"))
        #expect(!desk.folder.folder(".loopdesk/halt").contains("latch"))
    }

    @Test("while somebody runs the desk its ledger is left alone")
    func running() async throws {
        let desk = try await deskOfItself()
        let runtime = desk.folder.folder(".loopdesk")
        try runtime.create()
        try runtime.replace("ledger.sqlite", with: Array("not to be read".utf8))
        try runtime.replace("lock", with: [])
        let lock = open(DeskFolder(desk.path).lockPath, O_RDWR | O_CLOEXEC)
        defer { close(lock) }
        try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)

        let account = try await desk.json("connectors", "call", "self", "account", "{}")

        #expect(account["structured"]?["source"] == "none yet", "\(account.compactText)")
    }
}
