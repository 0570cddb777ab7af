// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Dispatch
import Foundation
import Git
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Supervisor

@Suite("An outbox of whoever means harm", .scratchFolder)
struct OutboxHostilityTests {
    private static let topics = Topic.allCases.map(\.rawValue)

    private static let odd = [
        "..", ".git", ".gitattributes", "\0", "\n", "/", "\u{202E}", "%2e", "é", " ", "-", ".",
        "CON", "\u{661}", String(repeating: "a", count: 256), "1", ".part", ".json", ".md",
    ].map { Array($0.utf8) }

    /// A name near those that are allowed, or far from them.
    private static func name(_ random: inout SeededRandom) -> String {
        let number = String(Int.random(in: 0...12_000, using: &random))
        let topic = topics[Int.random(in: 0..<topics.count, using: &random)]
        let ending = Bool.random(using: &random) ? "-\(topic).json" : "-note.md"
        var name = Array(number.utf8) + Array(ending.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let piece = odd[Int.random(in: 0..<odd.count, using: &random)]
            let place = Int.random(in: 0...name.count, using: &random)
            name.insert(contentsOf: piece, at: place)
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// The rule of the contract, written another way.
    private static func isAllowed(_ name: String) -> Bool {
        guard let dash = name.utf8.firstIndex(of: 0x2D) else { return false }
        let digits = name.utf8[..<dash]
        guard (1...4).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return false
        }
        let rest = String(name[name.utf8.index(after: dash)...])
        return rest == "note.md" || topics.contains { Array(rest.utf8) == Array("\($0).json".utf8) }
    }

    @Test("of a hundred thousand names exactly those of the contract are taken")
    func names() throws {
        var random = SeededRandom(seed: 18)
        let agent = try #require(AgentName("researcher"))
        var taken = 0
        for _ in 0..<100_000 {
            let name = Self.name(&random)
            // A name that is refused is one of the two outcomes.
            let found = try? OutboxName(name)

            guard (found != nil) == Self.isAllowed(name) else {
                Issue.record("\(name.debugDescription) is taken: \(found != nil)")
                continue
            }
            guard let found else { continue }
            taken += 1
            // Nothing of the name gets into the path but the topic.
            let place = SignalPath(agent: agent, turn: found.number, index: 1)
            let path = found.topic.map { place.signal($0) } ?? place.note
            #expect(
                path.hasPrefix("agents/researcher/") && !path.contains("..") && !path.contains("/.")
            )
        }
        #expect(taken > 20_000 && taken < 80_000)
    }

    @Test("of thousands of names and kinds on a disk only plain files of the contract are taken")
    func kinds() async throws {
        let bench = try await OutboxBench.make()
        let (folder, outbox) = (bench.folder, bench.outbox)
        try bench.bench.bench.write(".", "outside", "outside")
        let outside = bench.bench.bench.root.path(of: "outside")
        let names = [
            "1-proposal.json", "7-proposal.json", "2-note.md", "3-verdict.json", "4-rumour.json",
            ".git", "5-note.txt", "10000-note.md", "6-note.md\n", "\u{FF}-note.md",
        ]
        var random = SeededRandom(seed: 19)
        var taken = 0
        for _ in 0..<2500 {
            try outbox.removeContents()
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            let path = outbox.path(of: name)
            let kind = Int.random(in: 0..<9, using: &random)
            switch kind {
            case 0, 1, 2: try outbox.overwrite(name, with: OutboxBench.proposal())
            case 3: #expect(symlink(outside, path) == 0)
            case 4: #expect(link(outside, path) == 0)
            case 5: #expect(mkfifo(path, 0o644) == 0)
            case 6: #expect(mkdir(path, 0o755) == 0)
            case 7: #expect(mkdir(path, 0o755) == 0 && symlink(".", path + "/loop") == 0)
            default:
                try outbox.overwrite(name, with: [0x20])
                #expect(truncate(path, 1 << 32) == 0)
            }
            let isFit =
                ["1-proposal.json", "7-proposal.json", "2-note.md"].contains(name) && kind < 3

            // A refusal is one of the two outcomes.
            let harvest = try? folder.harvest()

            #expect((harvest != nil) == isFit, "\(name) as kind \(kind)")
            if harvest != nil { taken += 1 }
        }
        #expect(taken > 200)
        #expect(try bench.bench.bench.root.read("outside") == Array("outside".utf8))
    }

    @Test("an outbox without end is refused before it is read")
    func endless() async throws {
        let bench = try await OutboxBench.make()
        for number in 0...TurnFolder.entryLimit {
            try bench.outbox.overwrite("\(number).part", with: [])
        }

        let refusal = #expect(throws: TurnFolder.Refusal.self) { try bench.folder.harvest() }

        #expect(refusal?.description.contains("more than 10000 entries") == true)
    }

    @Test(
        "a signal of more values than are allowed is refused, and keys hidden by escapes are found"
    )
    func values() async throws {
        let bench = try await OutboxBench.make()
        let many = JSON.array([JSON](repeating: .int(1), count: Signal.valueLimit))
        #expect(throws: DeskError.self) {
            try Signal(committed: Signal.draft(.bars, many).compactBytes, path: "1-bars.json")
        }
        let hidden = String(decoding: OutboxBench.proposal("@@"), as: UTF8.self)
            .replacing("@@", with: #"\u0067hp_"# + String(repeating: "a1", count: 18))
        try bench.outbox.overwrite("1-proposal.json", with: Array(hidden.utf8))

        let refusal = #expect(throws: TurnFolder.Refusal.self) { try bench.folder.harvest() }

        #expect(refusal?.description.contains("a repository token") == true)
    }

    @Test("what was checked is what is taken, while a writer changes the files all the time")
    func race() async throws {
        let bench = try await OutboxBench.make()
        let key = "ghp_" + String(repeating: "a1", count: 18)
        try bench.bench.bench.write(".", "outside", "OUTSIDE \(key)")
        let writer = Writer(bench.outbox, outside: bench.bench.bench.root.path(of: "outside"), key)
        let thread = Thread { writer.run() }
        thread.start()
        defer { writer.stop() }
        var (taken, refused, rounds) = (0, 0, 0)
        // How often each comes up is up to whoever shares the processors out.
        while rounds < 2500 || (rounds < 250_000 && min(taken, refused) <= 50) {
            rounds += 1
            do {
                let harvest = try bench.folder.harvest()
                for signal in harvest.signals {
                    taken += 1
                    // Read back from what would be committed.
                    #expect(throws: Never.self) {
                        _ = try Signal(committed: signal.bytes, path: "1-proposal.json")
                    }
                    #expect(bench.secrets.find(in: signal.bytes) == nil)
                    #expect(!signal.bytes.contains(Array("OUTSIDE".utf8)))
                }
            } catch {
                refused += 1
            }
        }
        #expect(taken > 50 && refused > 50, "\(taken) taken, \(refused) refused")
        #expect(writer.changes > 1000)
    }

    @Test("whatever is taken, a commit holds plain files of fixed names in the agent's own folder")
    func committed() async throws {
        let bench = try await OutboxBench.make()
        let committer = TurnCommitter(desk: bench.bench.desk, isDurable: false)
        var random = SeededRandom(seed: 20)
        var branches = bench.bench.branches
        var turn = try bench.plan().turn
        for _ in 0..<60 {
            try bench.outbox.removeContents()
            for number in 1...3 {
                let family = String(Self.name(&random).prefix(200))
                try bench.outbox.overwrite(
                    "\(number)-proposal.json",
                    with: OutboxBench.proposal(family)
                )
            }
            try bench.outbox.overwrite("4-note.md", with: Array("mode 120000 .git\n".utf8))
            let harvest = try bench.folder.harvest()
            var plan = try bench.plan()
            plan = TurnPlan(
                agent: plan.agent,
                turn: turn,
                time: plan.time,
                round: 1,
                triggers: [],
                inbox: [],
                frontiers: [],
                data: nil,
                newSkills: []
            )
            _ = try committer.add(
                [(plan, .finished(harvest, TurnStory(".git")))],
                branches: &branches
            )
            turn += 1
        }
        try committer.publish(at: OwnerBench.time)

        let changes = try await bench.bench.git.lines(
            "diff-tree",
            "-r",
            "--no-renames",
            "main",
            "agents/researcher",
            "--"
        )
        #expect(changes.count > 240)
        let name = #"(STATE\.md|(signals|notes)/\d{4}/\d\d/\d{6}-\d+(-proposal\.json|\.md))"#
        let added = #":000000 100644 0{40} [0-9a-f]{40} A\tagents/researcher/"#
        let form = try Regex("\(added)\(name)")
        for change in changes { #expect(change.wholeMatch(of: form) != nil, "\(change)") }
    }
}

/// Puts ever other things in place of a file, as fast as it can.
private final class Writer: Sendable {
    private let outbox: Folder
    private let outside: String
    private let key: String
    private let isStopped = Mutex(false)
    private let count = Mutex(0)
    private let ended = DispatchSemaphore(value: 0)

    init(_ outbox: Folder, outside: String, _ key: String) {
        (self.outbox, self.outside, self.key) = (outbox, outside, key)
    }

    var changes: Int { count.withLock { $0 } }

    /// Stops the writer and waits until it has.
    func stop() {
        isStopped.withLock { $0 = true }
        ended.wait()
    }

    func run() {
        let good = OutboxBench.proposal("ghp_" + String(repeating: " ", count: 36))
        let bad = OutboxBench.proposal(key)
        let (path, other) = (outbox.path(of: "1-proposal.json"), outbox.path(of: "x.part"))
        defer { ended.signal() }
        while !isStopped.withLock({ $0 }) {
            for step in 0..<6 {
                switch step {
                case 0:
                    put { () throws(FileError) in try outbox.replace("1-proposal.json", with: good)
                    }
                case 1:
                    put { () throws(FileError) in try outbox.overwrite("1-proposal.json", with: bad)
                    }
                case 2:
                    put { () throws(FileError) in
                        try outbox.overwrite("1-proposal.json", with: good)
                    }
                case 3:
                    _ = symlink(outside, other)
                    _ = rename(other, path)
                case 4:
                    _ = unlink(path)
                    _ = link(outside, path)
                default:
                    _ = unlink(path)
                    put { () throws(FileError) in
                        try outbox.overwrite("1-proposal.json", with: good)
                    }
                }
                count.withLock { $0 += 1 }
            }
        }
    }

    private func put(_ body: () throws(FileError) -> Void) {
        // What fails because of an earlier step is done by a later one.
        try? body()
    }
}
