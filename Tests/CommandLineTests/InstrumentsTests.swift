// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk instruments", .scratchFolder)
struct InstrumentsTests {
    private func object(_ words: [String]) async throws -> JSON {
        let result = try await TestDesk.run(["instruments"] + words + ["--json"])
        #expect(result.isSuccess, "\(result.stderr)")
        return try JSON(parsing: Array(result.stdout.utf8))
    }

    @Test("the figures of a position in steel are exact")
    func steel() async throws {
        let json = try await object([
            "rb2501", "--on", "2024-12-20", "--price", "3500", "--quantity", "2",
            "--exit", "3550",
        ])

        #expect(json["multiplier"] == "10")
        #expect(json["delivery"] == "2025-01")
        #expect(json["notional"] == "70000")
        #expect(json["margin"] == "4900")
        #expect(json["fee_open"] == "7")
        #expect(json["fee_close"] == "7.1")
        #expect(json["profit"] == "1000")
        #expect(json["net"] == "985.9")
    }

    @Test("the figures of a levered position and its funding are exact")
    func bitcoin() async throws {
        let position = ["BTC", "--on", "2025-12-01", "--price", "100000", "--quantity", "0.01"]

        let long = try await object(position + ["--leverage", "10", "--premium", "-0.001"])
        let short = try await object(position + ["--leverage", "10", "--side", "short"])

        #expect(long["initial_margin"] == "100")
        #expect(long["maintenance_margin"] == "12.5")
        #expect(long["liquidation_price"] == "91139.24050633")
        #expect(long["funding_rate_1h"] == "-0.0000625")
        #expect(long["funding_received"] == "0.0625")
        #expect(short["liquidation_price"] == "108641.97530864")
    }

    @Test("an instant has its session and trading day")
    func session() async throws {
        let json = try await object(["rb2505", "--at", "2025-03-14T21:30:00+08:00"])

        #expect(json["session"]?["phase"] == "open")
        #expect(json["session"]?["trading_day"] == "2025-03-17")
    }

    @Test("the list and one instrument are shown for people")
    func text() async throws {
        let list = try await TestDesk.run(["instruments"])
        let one = try await TestDesk.run([
            "instruments", "lc2505", "--on", "2024-12-17", "--at", "2024-12-17T10:20:00+08:00",
        ])

        #expect(list.isSuccess && one.isSuccess, "\(list.stderr)\(one.stderr)")
        #expect(list.stdout.contains("au       future     SHFE"))
        #expect(one.stdout.contains("multiples of 50"))
        #expect(one.stdout.contains("break between two sessions"))
        #expect(one.stdout.contains("unknown on this date"))
    }

    @Test(
        "what is not known or makes no sense is refused with a sentence",
        arguments: [
            (["xx2501", "--on", "2025-01-02"], 65, "no product 'xx'"),
            (["rb2501", "--on", "2019-01-02"], 65, "first row of rb is from 2024-01-02"),
            (["rb2501", "--on", "soon"], 65, "expected a date"),
            (
                ["rb2505", "--at", "2031-01-06T10:00:00+08:00", "--on", "2025-01-02"], 65,
                "calendar"
            ),
            (["rb2505", "--on", "2025-01-02", "--price", "3500.5", "--quantity", "1"], 65, "3500"),
            (["rb2505", "--on", "2025-01-02", "--price", "x", "--quantity", "1"], 65, "--price"),
            (["rb2505", "--price", "3500"], 64, "--price and --quantity"),
            (["rb2505", "--exit", "3500"], 64, "--exit"),
            (["rb2505", "--side", "up"], 64, "--side"),
            (["--on", "2025-01-02"], 64, "code"),
        ]
    )
    func refused(words: [String], status: Int, sentence: String) async throws {
        let result = try await TestDesk.run(["instruments"] + words)

        #expect(result.status == Int32(status))
        #expect(result.stderr.contains(sentence), "\(result.stderr)")
        #expect(result.stdout.isEmpty)
    }
}
