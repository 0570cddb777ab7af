// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk replay", .scratchFolder)
struct ReplayTests {
    @Test("the summary has every figure, and its heads are those of git")
    func figures() async throws {
        let desk = try await TestDesk.make()

        let summary = try await desk.json("replay")

        let names = [
            "ticks", "turns", "proposals", "verdicts", "looks", "intents", "orders", "fills",
            "trades",
            "equity", "sharpe", "max_drawdown", "lessons", "dead_letters", "state", "ledger",
            "heads", "wall_seconds",
        ]
        #expect(summary.objectValue?.map(\.name) == names)
        #expect(summary["verdicts"]?.objectValue?.map(\.name) == ["passed", "failed"])
        #expect(summary["ticks"]?.intValue == 23)
        #expect(summary["dead_letters"]?.objectValue?.isEmpty == true)
        #expect(summary["wall_seconds"]?.doubleValue ?? 0 > 0)
        let heads = (summary["heads"]?.objectValue ?? []).map {
            "refs/heads/\($0.name) \($0.value.stringValue ?? "")"
        }
        #expect(heads == (try await desk.heads()))
        #expect(heads.count == 7)
    }

    @Test("a desk at rest is clean, in its folder, its worktrees and its repository")
    func clean() async throws {
        let desk = try await TestDesk.make()

        _ = try await desk.run("replay")

        let worktrees = try desk.folder.folder("worktrees").names().filter { $0 != ".gitignore" }
        #expect(worktrees.count == 6)
        for folder in ["."] + worktrees.map({ "worktrees/\($0)" }) {
            let git = GitCommand(in: desk.folder.path(of: folder))
            #expect(try await git.lines("status", "--porcelain").isEmpty, "\(folder)")
        }
        #expect(try await desk.git.run("fsck", "--strict", "--no-dangling").stdout.isEmpty)
    }

    @Test("two desks end on the same commits, and a replay that is done changes nothing")
    func repeatable() async throws {
        let left = try await TestDesk.make("left")
        let right = try await TestDesk.make("right")

        let heads = try await left.replayedHeads()

        #expect(try await right.replayedHeads() == heads)
        #expect(try await left.replayedHeads() == heads)
    }

    @Test("starting over gives the same commits again and keeps the old ones")
    func fresh() async throws {
        let desk = try await TestDesk.make()
        let heads = try await desk.replayedHeads()

        let again = try await desk.replayedHeads("--fresh")

        let refs = try await desk.references()
        let rescued = Set(refs.filter { $0.hasPrefix("refs/rescue/") }.map { $0.suffix(40) })
        let agents = refs.filter { $0.hasPrefix("refs/heads/agents/") }.map { $0.suffix(40) }
        #expect(again == heads)
        #expect(agents.count == 6)
        #expect(rescued.isSuperset(of: agents))
    }

    @Test("a replay that stops on a day goes on from there to the same commits")
    func through() async throws {
        let whole = try await TestDesk.make("whole")
        let parts = try await TestDesk.make("parts")
        let heads = try await whole.replayedHeads()

        let first = try await parts.replayedHeads("--through", "2000-03-10")
        let second = try await parts.replayedHeads("--through", "2000-03-20")
        let last = try await parts.replayedHeads()

        #expect(Set([first, second, last]).count == 3)
        #expect(last == heads)
    }

    @Test("a flushed replay gives the same commits")
    func durable() async throws {
        let plain = try await TestDesk.make("plain")
        let flushed = try await TestDesk.make("flushed")

        let heads = try await plain.replayedHeads("--through", "2000-03-08")

        #expect(try await flushed.replayedHeads("--durable", "--through", "2000-03-08") == heads)
    }

    @Test("a simulated market is as repeatable as a recorded one")
    func simulated() async throws {
        let left = try await TestDesk.make("left")
        let right = try await TestDesk.make("right")
        for desk in [left, right] {
            try desk.simulate(seed: 7)
            try await desk.commit()
        }

        let heads = try await left.replayedHeads()

        #expect(try await right.replayedHeads() == heads)
        #expect(try await left.json("status")["agents"]?.arrayValue?.count == 6)
    }

    @Test("into a pipe go plain words, and nothing to standard error")
    func quiet() async throws {
        let desk = try await TestDesk.make()

        let result = try await desk.run("replay")

        #expect(result.isSuccess)
        #expect(result.stderr.isEmpty)
        #expect(result.stdout.contains("The desk has come to rest."))
        #expect(result.stdout.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    }

    @Test(
        "a day that is none and days without bars are refused",
        arguments: [
            ("2000-02-30", 64 as Int32, "2004-12-31"), ("1999-01-01", 65, "no bars"),
        ]
    )
    func badDay(day: String, status: Int32, words: String) async throws {
        let desk = try await TestDesk.make()
        let before = try await desk.references()

        let result = try await desk.run("replay", "--through", day)

        #expect(result.status == status)
        #expect(result.stderr.contains(words))
        #expect(try await desk.references() == before)
    }
}

extension TestDesk {
    /// Exchanges the recorded market for a simulated one.
    func simulate(seed: Int, edge: Int = 0) throws {
        try edit("orchestrator.yml") { text in
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return lines.filter { !$0.hasPrefix("    path: ") }.map {
                $0.hasPrefix("    kind: csv")
                    ? "    kind: sim\n    seed: \(seed)\n    edge: \(edge)" : String($0)
            }
            .joined(separator: "\n")
        }
    }
}
