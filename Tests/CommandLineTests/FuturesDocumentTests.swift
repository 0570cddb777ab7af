// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("The desk of docs/futures.md", .scratchFolder, .timeLimit(.minutes(3)))
struct FuturesDocumentTests {
    /// The fenced blocks of the page in one language, in their order.
    private static func blocks(_ language: String) throws -> [String] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = String(decoding: try Folder("/\(root)/docs").read("futures.md"), as: UTF8.self)
        return text.split(separator: "```").compactMap { block in
            block.hasPrefix("\(language)\n") ? String(block.dropFirst(language.count + 1)) : nil
        }
    }

    /// The desk as the page makes it, with something changed in each file.
    private static func desk(
        change: (_ file: String, _ text: String) -> String = { $1 }
    ) async throws -> TestDesk {
        let desk = TestDesk(path: "\(try ScratchFolder.path)/rebar")
        _ = try await TestDesk.run(["init", desk.path])
        let (yaml, manuals) = (try blocks("yaml"), try blocks("markdown"))
        let files = [
            ("data/rb2501.csv", try #require(try blocks("csv").first)),
            ("orchestrator.yml", try #require(yaml.first)),
            ("limits.yml", try #require(yaml.dropFirst().first)),
            ("rebar.py", try #require(try blocks("python").first)),
            ("agents/trader/SKILL.md", try #require(manuals.first)),
            ("agents/judge/SKILL.md", try #require(manuals.last)),
        ]
        for name in ["trader", "judge"] { try desk.folder.folder("agents/\(name)").create() }
        for (file, text) in files { try desk.write(change(file, text), to: file) }
        try await desk.commit()
        return desk
    }

    @Test("two lots of rebar make what the tables say, and two replays the same commits")
    func replay() async throws {
        let desk = try await Self.desk()

        let first = try await desk.json("replay")
        let second = try await desk.replayedHeads("--fresh")

        let trade = try await desk.git.lines("log", "--format=%s", "agents/executor", "--")
        #expect(trade.contains("filled sell 2 rb2501 at 3550; rb2501 won 985.9 (exit)"))
        #expect(first["equity"]?.doubleValue == 100_985.9)
        #expect(first["heads"] == second)
    }

    /// The desk with the file that has settlement prices and limits.
    private static func settledDesk(
        change: @escaping (_ file: String, _ text: String) -> String = { $1 }
    ) async throws -> TestDesk {
        let bars = try #require(try blocks("csv").dropFirst().first)
        return try await desk { file, text in
            change(file, file == "data/rb2501.csv" ? bars : text)
        }
    }

    @Test("days are settled at the file's prices, and an exit waits for a market that is locked")
    func locked() async throws {
        let desk = try await Self.settledDesk()

        let first = try await desk.json("replay")
        let second = try await desk.replayedHeads("--fresh")

        let told = try await desk.git.lines("log", "--format=%s", "agents/executor", "--")
        #expect(told.contains { $0.hasSuffix("waits: the market is locked at its limit") })
        #expect(told.contains("filled sell 2 rb2501 at 3400; rb2501 lost 2013.8 (exit)"), "\(told)")
        #expect(first["equity"]?.doubleValue == 97_986.2)
        #expect(first["heads"] == second)
        let history = String(
            decoding: try desk.folder.folder(".loopdesk/market/full").read("history.csv"),
            as: UTF8.self
        )
        #expect(history.contains("\nrb2501,2024-12-10,3291,3291,3291,3291,200,3291,3785,3291\n"))
    }

    @Test("a stop that is reached in a market that is locked is carried over to the next open")
    func lockedStop() async throws {
        let desk = try await Self.settledDesk { file, text in
            file == "rebar.py" ? text.replacingFirst("turn in (3, 6)", with: "turn == 3") : text
        }

        let result = try await desk.json("replay")

        let told = try await desk.git.lines("log", "--format=%s", "agents/executor", "--")
        #expect(told.contains { $0.hasSuffix("!stop waits: the market is locked at its limit") })
        #expect(told.contains("filled sell 2 rb2501 at 3400; rb2501 lost 2013.8 (stop)"), "\(told)")
        #expect(result["equity"]?.doubleValue == 97_986.2)
    }

    @Test("a limit that is no price of the contract keeps the desk from starting")
    func offGrid() async throws {
        let desk = try await Self.settledDesk { file, text in
            guard file == "data/rb2501.csv" else { return text }
            return text.replacingFirst("3483,3720,3236", with: "3483,3720.5,3236")
        }

        let result = try await desk.run("replay")

        #expect(!result.isSuccess)
        #expect(
            result.stderr.contains(
                "rb2501 on 2024-12-02: its limit_up 3720.5 is no price of it; prices are "
                    + "multiples of 1"
            ),
            "\(result.stderr)"
        )
    }

    @Test(
        "what the tables do not know keeps the desk from starting, with a sentence",
        arguments: [
            ("orchestrator.yml", "symbols: [rb2501]", "symbols: [xx2501]", "no product 'xx'"),
            ("orchestrator.yml", "symbols: [rb2501]", "symbols: [cu2501]", "no row of the tables"),
            ("data/rb2501.csv", "2024-12-02", "2024-11-29", "known from 2024-12-01 on"),
            ("data/rb2501.csv", "2024-12-13", "2025-02-13", "it was delivered in 2025-01"),
        ]
    )
    func refused(file: String, part: String, other: String, reason: String) async throws {
        let desk = try await Self.desk { name, text in
            let changed = name == file ? text.replacingFirst(part, with: other) : text
            guard name == "orchestrator.yml" else { return changed }
            return changed.replacingFirst("from: 2024-12-02", with: "from: 2024-11-01")
                .replacingFirst("through: 2024-12-13", with: "through: 2025-03-01")
        }

        let result = try await desk.run("replay")

        #expect(!result.isSuccess)
        #expect(result.stderr.contains(reason), "\(result.stderr)")
    }

    /// The desk holding two lots, with another contract in place of theirs.
    private static func dropped(
        change: (_ file: String, _ text: String) -> String = { $1 }
    ) async throws -> TestDesk {
        let desk = try await Self.desk { name, text in
            name == "rebar.py" ? text.replacingFirst("turn in (3, 6)", with: "turn == 3") : text
        }
        _ = try await desk.json("replay", "--through", "2024-12-06")
        try desk.edit("orchestrator.yml") { text in
            change(
                "orchestrator.yml",
                text.replacingFirst("symbols: [rb2501]", with: "symbols: [rb2505]")
            )
        }
        try desk.edit("data/rb2501.csv") { change("data/rb2501.csv", $0) }
        try await desk.commit()
        return desk
    }

    @Test("a contract that is held and not listed any more is guarded by its own terms")
    func heldAndDropped() async throws {
        let desk = try await Self.dropped { name, text in
            name == "orchestrator.yml"
                ? text
                : text.replacingFirst("3525,3550,3520,3545", with: "3525,3530,3400,3420")
        }

        let result = try await desk.run("replay", "--json")

        #expect(result.isSuccess, "\(result.stderr)")
        #expect(result.stderr.contains("2 rb2501 is held and not one of market.symbols; its exit"))
        let trade = try await desk.git.lines("log", "--format=%s", "agents/executor", "--")
        #expect(trade.contains("filled sell 2 rb2501 at 3430; rb2501 lost 1413.86 (stop)"))
        let end = try JSON(parsing: Array(result.stdout.utf8))
        #expect(end["equity"]?.doubleValue == 98_586.14)
    }

    @Test(
        "what is held and nothing would guard keeps the desk from starting",
        arguments: [
            ("data/rb2501.csv", "rb2501", "rb2505", "data/rb2501.csv has no bars of it in its"),
            (
                "orchestrator.yml", "{kind: csv, path: data/rb2501.csv}",
                "{kind: sim, seed: 1}", "a simulated market has no bars of it"
            ),
            (
                "orchestrator.yml", "{kind: csv, path: data/rb2501.csv}",
                "{kind: csv, path: data/rb2501.csv, fetch: {connector: other, tool: bars,"
                    + " arguments: {n: 1}, rows: rows,"
                    + " fields: {time: t, open: o, high: h, low: l, close: c}}}",
                "market.feed.fetch does not ask for its bars"
            ),
        ]
    )
    func unguarded(file: String, part: String, other: String, reason: String) async throws {
        let desk = try await Self.dropped { name, text in
            guard name == file else { return text }
            let connectors = "\nconnectors: {other: {command: [\"true\"]}}\n"
            return text.replacing(part, with: other) + (other.contains("other") ? connectors : "")
        }
        let before = try await desk.heads()

        let result = try await desk.run("replay")

        #expect(!result.isSuccess)
        #expect(result.stderr.contains("2 rb2501 is held and not one of market.symbols, and"))
        #expect(result.stderr.contains(reason), "\(result.stderr)")
        #expect(result.stderr.contains("list it again until it is closed"))
        #expect(try await desk.heads() == before)
    }
}
