// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("A backtest over Parquet", .scratchFolder)
struct ParquetBacktestTests {
    static func fixture(_ name: String) throws -> [UInt8] {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return try Folder("/\(tests)/QuantTests/Fixtures").read(name)
    }

    private func backtest(_ bytes: [UInt8]) async throws -> FinishedCommand {
        let lab = try Lab()
        try lab.folder.replace("bars.parquet", with: bytes)
        try lab.write("enter: close > 0.0\nexit: \"false\"\n")
        return try await lab.run(
            "backtest",
            [lab.strategy, "--json", "--data", lab.path("bars.parquet")]
        )
    }

    @Test("files of others are read", arguments: ["pandas.parquet", "polars.parquet"])
    func reading(_ name: String) async throws {
        let result = try await backtest(try Self.fixture(name))

        #expect(result.isSuccess, "\(result.stderr)")
        #expect((try JSON(parsing: Array(result.stdout.utf8))["bars"]?.intValue ?? 0) > 1)
    }

    @Test("a file that is cut short is refused by its name", arguments: [4, 100, 2000])
    func cut(_ bytes: Int) async throws {
        let result = try await backtest(Array(try Self.fixture("pandas.parquet").prefix(bytes)))

        expectComplaint(result, status: 65, "bars.parquet: ")
    }
}
