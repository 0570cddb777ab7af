// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk backtest of contracts", .scratchFolder)
struct ContractEngineTests {
    private static let strategy = """
        enter: close > open
        exit: close < open
        size: 0.9
        stop: 0.02

        """

    /// Thirty sessions that go up and down, in a file that is named like the contract.
    private static func lab(
        _ strategy: String = strategy,
        file: String = "rb2505.csv",
        from first: String = "2025-02-10"
    ) throws -> Folder {
        let folder = Folder(try ScratchFolder.path)
        var lines = ["timestamp,open,high,low,close,volume"]
        let start = try #require(CalendarDate(first))
        for day in 0..<30 {
            let open = 3500 + (day * 37) % 90
            let close = open + (day * 53) % 61 - 30
            let date = start.adding(days: day / 5 * 7 + day % 5)
            lines.append(
                "\(date)T07:00:00Z,\(open),\(max(open, close) + 9),\(min(open, close) - 9),"
                    + "\(close),1000"
            )
        }
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        try folder.replace(file, with: bytes)
        try folder.replace("turn.yaml", with: Array(strategy.utf8))
        return folder
    }

    /// The same with settlement prices and limits, and each fourth session locked at one.
    private static func settledLab(limit: String = "") throws -> Folder {
        let folder = try lab()
        let text = String(decoding: try folder.read("rb2505.csv"), as: UTF8.self)
        let rows = text.split(separator: "\n").dropFirst().enumerated().map { day, line in
            let fields = line.split(separator: ",")
            let (high, low) = (fields[2], fields[3])
            guard day % 4 == 3 else { return "\(line),\(low),\(high)\(limit),\(low)" }
            let (price, up) = day % 8 == 3 ? (low, "9000") : (high, "\(high)")
            let down = day % 8 == 3 ? "\(low)" : "2000"
            return "\(fields[0]),\(price),\(price),\(price),\(price),9,\(price),\(up),\(down)"
        }
        let header = "timestamp,open,high,low,close,volume,settlement,limit_up,limit_down"
        try folder.replace(
            "rb2505.csv",
            with: Array(([header] + rows).joined(separator: "\n").utf8)
        )
        return folder
    }

    private static func backtest(_ folder: Folder, _ words: String...) async throws
        -> FinishedCommand
    {
        try await TestDesk.run(
            ["backtest", folder.path(of: "turn.yaml"), "--data", folder.path(of: "rb2505.csv")]
                + words
        )
    }

    /// The trades of each engine.
    private static func trades(_ folder: Folder, ticks: Int = 0) async throws -> [String] {
        var texts: [String] = []
        for engine in ["backtest", "exchange", "live"] {
            let file = "\(engine).csv"
            _ = try await Self.backtest(
                folder,
                "--engine",
                engine,
                "--slippage-ticks",
                "\(ticks)",
                "--trades",
                folder.path(of: file)
            )
            texts.append(String(decoding: try folder.read(file), as: UTF8.self))
        }
        return texts
    }

    @Test("three engines give the same bytes with settlement prices in markets that are locked")
    func locked() async throws {
        let texts = try await Self.trades(try Self.settledLab())

        #expect(texts[0] == texts[1] && texts[1] == texts[2])
        #expect(texts[0].split(separator: "\n").count > 4)
        #expect(try await Self.trades(try Self.lab())[0] != texts[0])
    }

    @Test("three engines give the same bytes with fills some steps worse")
    func ticks() async throws {
        let texts = try await Self.trades(try Self.lab(), ticks: 3)

        #expect(texts[0] == texts[1] && texts[1] == texts[2])
        #expect(try await Self.trades(try Self.lab())[0] != texts[0])
    }

    @Test("a limit that is no price of the contract is refused")
    func offGrid() async throws {
        let result = try await Self.backtest(try Self.settledLab(limit: ".5"))

        #expect(!result.isSuccess)
        #expect(result.stderr.contains("is no price of it; prices are multiples of 1"))
    }

    @Test("three engines give the same bytes, with multiplier and fee from the tables")
    func same() async throws {
        let texts = try await Self.trades(try Self.lab())

        #expect(texts[0] == texts[1] && texts[1] == texts[2])
        let rows = texts[0].split(separator: "\n")
        #expect(rows.count > 4)
        // 90 % of 100,000 are two lots of ten tons at some 3500.
        #expect(rows.dropFirst().first?.contains(",2,") == true, "\(rows)")
    }

    @Test(
        "what contradicts the tables is refused, and what they leave to the owner is taken",
        arguments: [
            ("multiplier: 5\n", [], "multiplier: 5 is not that of rb2505, which has 10"),
            ("lot: 0.5\n", [], "lot: 0.5 is not that of rb2505, which has 1"),
            ("multiplier: 10\n", [], nil),
            ("multiplier: 5\n", ["--plain"], nil),
        ] as [(String, [String], String?)]
    )
    func contradiction(line: String, options: [String], reason: String?) async throws {
        let folder = try Self.lab(Self.strategy + line)

        let result = try await TestDesk.run(
            ["backtest", folder.path(of: "turn.yaml"), "--data", folder.path(of: "rb2505.csv")]
                + options
        )

        #expect(result.isSuccess == (reason == nil), "\(result.stderr)")
        #expect(reason.map { result.stderr.contains($0) } ?? true, "\(result.stderr)")
    }

    @Test("a fixed number of units that is no number of lots is refused")
    func lots() async throws {
        let folder = try Self.lab(
            Self.strategy.replacingFirst("size: 0.9", with: "units: 1.5")
        )

        let result = try await Self.backtest(folder)

        #expect(result.stderr.contains("units: 1.5 is no multiple of 1, the lot of rb2505"))
    }

    @Test("a program does not trade contracts by their terms, and says so")
    func program() async throws {
        let folder = try Self.lab("command: [cat]\n")

        let result = try await Self.backtest(folder)

        #expect(!result.isSuccess)
        #expect(result.stderr.contains("a program does not trade contracts such as rb2505"))
    }

    @Test("bars before the rows of a contract are refused, unless they are taken as plain units")
    func early() async throws {
        let folder = try Self.lab(from: "2024-10-07")

        let refused = try await Self.backtest(folder)
        let plain = try await Self.backtest(folder, "--plain")

        #expect(refused.stderr.contains("its margin and its fees are known from 2024-12-01 on"))
        #expect(!refused.isSuccess)
        #expect(plain.isSuccess, "\(plain.stderr)")
    }

    @Test("a sweep trades by the same terms")
    func sweep() async throws {
        let folder = try Self.lab(
            "parameters: {n: 1}\n"
                + Self.strategy.replacingFirst("close > open", with: "close > lag(close, n)")
        )

        let result = try await TestDesk.run([
            "sweep", folder.path(of: "turn.yaml"), "--data", folder.path(of: "rb2505.csv"),
            "--grid", "n=1:2:1", "--out", folder.path(of: "rows.csv"),
        ])
        let own = try await Self.backtest(folder, "--json")

        #expect(result.isSuccess, "\(result.stderr)")
        let rows = String(decoding: try folder.read("rows.csv"), as: UTF8.self)
        let equity = try #require(try JSON(parsing: Array(own.stdout.utf8))["final_equity"])
        #expect(rows.contains("\(equity.doubleValue ?? 0)".prefix(8)), "\(rows) \(own.stdout)")
    }
}
