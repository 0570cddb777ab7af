// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk stats", .scratchFolder)
struct StatsTests {
    /// The published series of two years.
    static let returns: [Double] = (0..<504).map { index in
        let shift = (index / 7) % 2 == 0 ? 60 : -60
        return Double((7919 * index + 13) % 201 - 90 + shift) / 20_000
    }

    static func csv(_ values: [Double]) -> String {
        "date,return\n" + values.map { "x,\($0)\n" }.joined()
    }

    private func write(_ text: String, to name: String = "r.csv") throws -> String {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace(name, with: Array(text.utf8))
        return folder.path(of: name)
    }

    private func object(_ words: [String]) async throws -> JSON {
        let result = try await TestDesk.run(["stats"] + words + ["--json"])
        #expect(result.isSuccess, "\(result.stderr)")
        return try JSON(parsing: Array(result.stdout.utf8))
    }

    @Test("the object has every member, and those of trades are null")
    func members() async throws {
        let json = try await object([try write(Self.csv(Self.returns))])

        let names = Set((json.objectValue ?? []).map(\.name))
        let wanted = [
            "bars", "trades", "total_return", "cagr", "volatility", "sharpe", "sortino", "calmar",
            "max_drawdown", "newey_west_t", "psr", "turnover", "exposure", "win_rate",
            "profit_factor", "final_equity", "skew", "kurtosis", "newey_west_lags", "dsr",
            "periods",
        ]
        #expect(names.isSuperset(of: wanted))
        for name in ["bars", "trades", "turnover", "exposure", "win_rate", "dsr"] {
            #expect(json[name] == .null, "\(name)")
        }
        #expect(json["periods"] == 504)
        #expect(json["newey_west_lags"] == 5)
        let t = try #require(json["newey_west_t"]?.doubleValue)
        let sharpe = try #require(json["sharpe"]?.doubleValue)
        #expect(abs(t - 2.14172216660) < 1e-10)
        #expect(abs(sharpe - 1.91325044) < 1e-7)
    }

    @Test("the periods of a year, the riskless rate and the trials change what they should")
    func options() async throws {
        let file = try write(Self.csv(Self.returns))

        let json = try await object(
            [file, "--periods", "365", "--rf", "0.02", "--trials", "40"]
                + ["--trial-variance", "0.004"]
        )

        #expect(json["periods_per_year"]?.doubleValue == 365)
        let plain = try #require(json["psr"]?.doubleValue)
        let deflated = try #require(json["dsr"]?.doubleValue)
        #expect(deflated < plain)
        #expect(json["trials"] == 40)
    }

    @Test("a riskless rate below zero and trials without number are figures like others")
    func extremes() async throws {
        let file = try write(Self.csv(Self.returns))

        let below = try await object([file, "--rf", "-0.01"])
        let many = try await object(
            [file, "--trials", "9000000000000000000", "--trial-variance", "0.004"]
        )

        let sharpe = try #require(below["sharpe"]?.doubleValue)
        #expect(sharpe > 1.91325044)
        #expect(many["dsr"]?.doubleValue ?? 1 < 0.001)
    }

    @Test("one trial deflates nothing")
    func oneTrial() async throws {
        let json = try await object([try write(Self.csv(Self.returns)), "--trials", "1"])

        #expect(json["dsr"] == json["psr"])
    }

    @Test("blocks are resampled by a seed, and a matrix of trials has a probability")
    func resampling() async throws {
        let file = try write(Self.csv(Self.returns))
        let rows = (0..<16).map { row in
            (0..<4).map { column in
                "\(Double((37 * row + 101 * column + 13 * ((row * column) % 7)) % 41 - 20) / 1000)"
            }.joined(separator: ",")
        }
        let matrix = try write("a,b,c,d\n\(rows.joined(separator: "\n"))\n", to: "m.csv")
        let words = [
            file, "--bootstrap", "200", "--seed", "7", "--matrix", matrix, "--blocks", "4",
        ]

        let one = try await object(words)
        let two = try await object(words)

        #expect(one == two)
        #expect(one["pbo"]?.doubleValue == 4.0 / 6)
        #expect(one["bootstrap"]?["mean"]?.arrayValue?.count == 2)
        #expect(one["bootstrap"]?["block_length"] == 8)
    }

    @Test("people get a table")
    func table() async throws {
        let result = try await TestDesk.run(["stats", try write(Self.csv(Self.returns))])

        #expect(result.isSuccess)
        #expect(result.stdout.contains("504 periods"))
        #expect(result.stdout.contains("Sharpe ratio"))
        #expect(result.stdout.contains("1.9133"))
    }

    @Test("a constant series has no ratio, and says so")
    func constant() async throws {
        let file = try write("return\n0\n0\n0\n")

        let json = try await object([file])
        let text = try await TestDesk.run(["stats", file])

        for name in ["sharpe", "sortino", "calmar", "newey_west_t", "psr", "skew", "kurtosis"] {
            #expect(json[name] == .null, "\(name)")
        }
        #expect(text.stdout.contains("undefined"))
    }

    @Test(
        "a file that cannot be used is refused with its line",
        arguments: [
            ("", "r.csv: the file is empty"), ("return\n", "no rows follow"),
            ("date,ret\n1,2\n", "no column 'return'"),
            ("return\n0.1\nabc\n", "line 3, column 'return': expected a number, found 'abc'"),
            ("return\nnan\n", "line 2"), ("date,return\n1\n", "expected 2 fields, found 1"),
        ]
    )
    func badFile(_ text: String, _ words: String) async throws {
        let result = try await TestDesk.run(["stats", try write(text), "--json"])

        expectComplaint(result, status: 65, words)
        #expect(result.stdout.isEmpty)
    }

    @Test("a file that is not there is named")
    func missing() async throws {
        let result = try await TestDesk.run(["stats", "nowhere.csv"])

        expectComplaint(result, status: 66, "nowhere.csv")
    }

    @Test(
        "options that make no sense are refused",
        arguments: [
            ["--periods", "0"], ["--periods", "nan"], ["--rf", "inf"], ["--trials", "0"],
            ["--trials", "5"], ["--trial-variance", "1"], ["--trials", "2", "--trial-variance=-1"],
        ]
    )
    func badOptions(_ words: [String]) async throws {
        let result = try await TestDesk.run(["stats", "r.csv"] + words)

        #expect(result.status == 64)
        #expect(result.stderr.contains("--"))
    }

    @Test(
        "a matrix or a resampling that cannot be is refused",
        arguments: [
            (["--bootstrap", "0"], "resamples"),
            (["--bootstrap", "9", "--block-length", "999"], "999"),
            (["--matrix", "r.csv"], "two trials"), (["--matrix", "none.csv"], "none.csv"),
        ]
    )
    func badRequests(_ words: [String], _ said: String) async throws {
        let file = try write("return\n0.1\n0.2\n0.1\n")

        let result = try await TestDesk.run(["stats", file] + words)

        #expect(result.status == 65 || result.status == 66)
        #expect(result.stderr.contains(said), "\(result.stderr)")
    }
}
