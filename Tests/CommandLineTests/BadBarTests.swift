// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("A desk with bad bars", .scratchFolder)
struct BadBarTests {
    private static let header = "symbol,timestamp,open,high,low,close,volume,adj_close"

    /// A desk whose market is AAPL alone, with these rows.
    private func makeDesk(_ rows: [String]) async throws -> TestDesk {
        let desk = try await TestDesk.make()
        let lines = [Self.header] + rows
        try desk.write(lines.joined(separator: "\n") + "\n", to: TestDesk.bars)
        try await desk.commit()
        return desk
    }

    private func row(_ day: String, _ close: String = "10.0") -> String {
        "AAPL,\(day),10.0,11.0,9.0,\(close),1000,\(close)"
    }

    /// The bodies of the ingestor's signals, oldest first.
    private func bars(_ desk: TestDesk) async throws -> [JSON] {
        let paths = try await desk.git.lines(
            "ls-tree",
            "-r",
            "--name-only",
            "agents/ingestor",
            "agents/ingestor/signals/"
        )
        var bodies: [JSON] = []
        for path in paths.sorted() {
            let text = try await desk.git.run("show", "agents/ingestor:\(path)").stdout
            bodies.append(try #require(try JSON(parsing: Array(text.utf8))["body"]))
        }
        return bodies
    }

    @Test(
        "rows that cannot be bars are refused by name, and the others are taken",
        arguments: [
            ("AAPL,2000-03-03,nan,11,9,10,1000,10", "notFinite", "open is nan"),
            ("AAPL,2000-03-03,10,9,11,10,1000,10", "", "high"),
            ("AAPL,2000-03-03,10,11,-9,10,1000,10", "notPositive", "low"),
            (
                "AAPL,2000-03-02,10,11,9,10,1000,10", "duplicate",
                "there is a bar of that time already"
            ),
            ("AAPL,2000-03-01,10,11,9,10,1000,10", "", "line 4"),
            ("AAPL,2000-03-03,10,11", "", "line 4"),
            ("AAPL,yesterday,10,11,9,10,1000,10", "", "line 4"),
        ]
    )
    func badRow(bad: String, kind: String, words: String) async throws {
        let desk = try await makeDesk([
            row("2000-03-01"), row("2000-03-02"), bad, row("2000-03-06"), row("2000-03-07"),
        ])

        let summary = try await desk.json("replay")
        let doctor = try await desk.run("doctor")

        let bodies = try await bars(desk)
        let refused = bodies.flatMap { $0["refused"]?.arrayValue ?? [] }
        #expect(refused.count == 1)
        #expect(refused.first?["line"]?.intValue == 4)
        #expect(refused.first?["reason"]?.stringValue?.contains(words) == true, "\(refused)")
        if !kind.isEmpty { #expect(refused.first?["kind"]?.stringValue == kind) }
        #expect(bodies.flatMap { $0["bars"]?.arrayValue ?? [] }.count == 4)
        #expect(summary["dead_letters"]?.objectValue?.isEmpty == true)
        #expect(doctor.isSuccess)
        #expect(doctor.stdout.contains("1 row will be refused"), "\(doctor.stdout)")
        #expect(doctor.stdout.contains("line 4"))
    }

    @Test("of rows in disorder the one that is dated too late is refused, by its line")
    func disorder() async throws {
        let desk = try await makeDesk([
            row("2000-03-01"), row("2000-03-06"), row("2000-03-02"), row("2000-03-03"),
            row("2000-03-07"),
        ])

        _ = try await desk.json("replay")

        let refused = try await bars(desk).flatMap { $0["refused"]?.arrayValue ?? [] }
        #expect(refused.compactMap { $0["line"]?.intValue } == [3])
    }

    @Test("a gap is noted and the bar behind it is taken")
    func gap() async throws {
        let desk = try await makeDesk([row("2000-03-01"), row("2000-03-02"), row("2000-03-28")])

        _ = try await desk.json("replay")
        let doctor = try await desk.run("doctor")

        let bodies = try await bars(desk)
        #expect(bodies.flatMap { $0["bars"]?.arrayValue ?? [] }.count == 3)
        #expect(bodies.last?.compactText.contains("gap") == true, "\(bodies)")
        #expect(doctor.isSuccess)
    }

    @Test("a file whose rows are all refused is an error")
    func nothingUsable() async throws {
        let desk = try await makeDesk(["AAPL,2000-03-01,nan,1,1,1,1,1"])
        let before = try await desk.references()

        let replay = try await desk.run("replay")
        let doctor = try await desk.run("doctor")

        expectComplaint(replay, status: 65, "no bars from 2000-03-01", "change replay")
        #expect(try await desk.references() == before)
        #expect(doctor.status == 1)
    }
}
