// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import TestSupport
import Testing

@Suite("The feed on the command line", .scratchFolder)
struct FeedCommandTests {
    /// A desk that gets its bars from its own server of tools, which evaluates a list of them.
    private func makeDesk(_ rows: String) async throws -> TestDesk {
        let desk = try await TestDesk.make()
        let program = try BuiltProduct.path("loopdesk")
        let fetch = """
                path: feed/bars.csv
                fetch:
                  connector: self
                  tool: evaluate
                  arguments: {expression: '\(rows)'}
                  every: 1s
                  rows: value
                  fields: {time: t, open: p, high: p, low: p, close: p, volume: v}
            """
        try desk.edit("orchestrator.yml") {
            $0.replacing("    path: data/us-equities-daily.csv", with: fetch)
                + "\nconnectors:\n  self:\n    command: [\(program), mcp, --desk, \(desk.path)]\n"
        }
        try desk.edit(".gitignore") { $0 + "/feed/\n" }
        try await desk.commit()
        return desk
    }

    /// Two days of every symbol.
    private static let rows =
        #"[{"t": "2000-03-01", "p": 10.5, "v": size("{symbol}")}, "#
        + #"{"t": "2000-03-02", "p": 11, "v": 1}]"#

    @Test("bars are fetched once, and again only what is new")
    func fetch() async throws {
        let desk = try await makeDesk(Self.rows)

        let first = try await desk.run("feed", "fetch")
        let again = try await desk.json("feed", "fetch")

        #expect(first.stdout == "10 bars; the newest is of 2000-03-02\n", "\(first.stderr)")
        #expect(again == ["bars": 0, "through": "2000-03-02"])
        let file = String(decoding: try desk.folder.read("feed/bars.csv"), as: UTF8.self)
        #expect(
            file.hasPrefix(
                "symbol,timestamp,open,high,low,close,volume\nAAPL,2000-03-01,10.5,10.5,10.5,10.5,4"
            )
        )
        let replay = try await desk.run("replay")
        #expect(replay.isSuccess, "\(replay.stderr)")
    }

    @Test("an answer that cannot be used changes nothing and says why")
    func refused() async throws {
        let desk = try await makeDesk(#"[{"t": "2000-03-01", "p": "{symbol}", "v": 1}]"#)

        let refused = try await desk.run("feed", "fetch")
        let up = try await desk.run("up")
        let plain = try await TestDesk.make("plain").run("feed", "fetch")

        expectComplaint(refused, status: 65, "AAPL: value[0].p: expected a number")
        expectComplaint(up, status: 65, "AAPL: value[0].p: expected a number")
        expectComplaint(plain, status: 65, "no fetch: in orchestrator.yml")
        #expect(!desk.folder.contains("feed/bars.csv"))
    }

    @Test("a desk that is up fetches by itself")
    func live() async throws {
        let desk = try await makeDesk(Self.rows)
        let program = try BuiltProduct.path("loopdesk")
        let up = try RunningCommand(program, ["up", "--volatile", "--desk", desk.path])
        let isThere = try await eventually(within: .seconds(60)) {
            try await desk.git.lines("for-each-ref", "refs/heads/agents/ingestor") != []
        }
        let first = try desk.folder.read("feed/bars.csv")
        // As if they had become known after the start.
        let kept = first.split(separator: 0x0A).filter { line in
            !String(decoding: line, as: UTF8.self).contains("2000-03-02")
        }
        try desk.folder.replace("feed/bars.csv", with: kept.flatMap { $0 + [0x0A] })

        let isBack = try await eventually(within: .seconds(30)) {
            try desk.folder.read("feed/bars.csv") == first
        }
        up.signal(SIGTERM)
        let ended = try await up.finish()

        #expect(isThere && isBack, "\(ended.stderr)")
        #expect(ended.isSuccess, "\(ended.stderr)")
    }
}
