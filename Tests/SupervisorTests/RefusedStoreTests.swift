// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Glibc
import TestSupport
import Testing

@testable import Supervisor

@Suite("What was refused", .scratchFolder)
struct RefusedStoreTests {
    private func output(_ turn: Int, _ text: String = "x", bytes: Int = 1) throws -> RefusedOutput {
        RefusedOutput(
            agent: try #require(AgentName("researcher")),
            turn: turn,
            time: Bench.days[0],
            reason: text,
            files: [
                .init(
                    path: "outbox/1-note.md",
                    kind: "file",
                    length: bytes,
                    content: [UInt8](repeating: 0xFF, count: bytes),
                    isWhole: true,
                    masked: 0
                )
            ],
            more: 0
        )
    }

    private func store() throws -> RefusedStore { RefusedStore(DeskFolder(try ScratchFolder.path)) }

    @Test("it is kept in a private file, comes back equal, and is forgotten when told")
    func kept() throws {
        let store = try store()
        let id = try store.keep(try output(12))

        #expect(id.description == "researcher/12-1")
        #expect(RefusedStore.ID("researcher/12-1") == id)
        #expect(try store.load(id) == output(12))
        let folder = DeskFolder(try ScratchFolder.path).refused
        var status = stat()
        #expect(stat(folder.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(stat(folder.path(of: "researcher"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
        #expect(stat(folder.path(of: "researcher/12-1.json"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        try store.remove(id)
        #expect(try store.ids() == [])
        #expect(throws: FileError.self) { try store.load(id) }
    }

    @Test("the same output of a turn is kept once, another beside it")
    func same() throws {
        let store = try store()

        let ids = try [output(3), output(3), output(3, "y"), output(4)].map { try store.keep($0) }

        #expect(ids.map { "\($0.turn)-\($0.number)" } == ["3-1", "3-1", "3-2", "4-1"])
        #expect(try store.ids() == [ids[0], ids[2], ids[3]])
    }

    @Test("there are never too many, nor too many bytes, nor too old ones; the oldest go")
    func bounds() throws {
        let store = try store()
        let own = DeskFolder(try ScratchFolder.path).refused.folder("researcher")
        for turn in 1...40 {
            let id = try store.keep(try output(turn))
            try own.setDate(of: id.fileName, to: Instant(secondsSinceEpoch: Int64(turn) * 86_400))
        }

        #expect(try store.ids().map(\.turn) == Array(9...40))
        _ = try store.keep(try output(50, bytes: 11 << 20))
        #expect(try store.ids().map(\.turn) == Array(10...40) + [50])
        _ = try store.keep(try output(51, bytes: 11 << 20))
        #expect(try store.ids().map(\.turn) == [51])
        try store.remove(try #require(RefusedStore.ID("researcher/51-1")))
        for turn in 1...3 {
            let id = try store.keep(try output(turn))
            try own.setDate(of: id.fileName, to: Instant(secondsSinceEpoch: Int64(turn) * 86_400))
        }
        try store.sweep(at: Instant(secondsSinceEpoch: 32 * 86_400))
        #expect(try store.ids().map(\.turn) == [2, 3])
    }

    @Test("a desk that counts turns from 1 again loses its old outputs first, not its new ones")
    func startedOver() throws {
        let store = try store()
        let own = DeskFolder(try ScratchFolder.path).refused.folder("researcher")
        for (day, turn) in (Array(101...131) + [1]).enumerated() {
            let id = try store.keep(try output(turn))
            try own.setDate(of: id.fileName, to: Instant(secondsSinceEpoch: Int64(day) * 86_400))
        }

        _ = try store.keep(try output(2))

        #expect(try store.ids().map(\.turn) == [1, 2] + Array(102...131))
    }

    @Test("a file that is larger than any that is kept is not read")
    func tooLarge() throws {
        let store = try store()
        let id = try store.keep(try output(1))
        let own = DeskFolder(try ScratchFolder.path).refused.folder("researcher")
        try own.replace(id.fileName, with: [UInt8](repeating: 0x20, count: (8 << 20) + 1))

        let error = #expect(throws: FileError.self) { try store.load(id) }

        #expect(error?.code == .tooLarge)
    }

    @Test(
        "only names of outputs are read as such",
        arguments: [
            "", "researcher", "researcher/", "researcher/1", "../x/1-1", "r/1-0", "r/x-1",
            "r/1-1/2", "r/1-1-1", "Researcher/1-1", "r/-1-1",
        ]
    )
    func names(text: String) {
        #expect(RefusedStore.ID(text) == nil)
    }

    @Test("what is collected is bounded, follows nothing and masks what is secret")
    func collected() async throws {
        let secret = "canary-of-the-desk"
        let scan = SecretScan(KnownSecrets([Array(secret.utf8)]))
        let bench = try await OutboxBench.make(secrets: scan)
        let outbox = bench.outbox
        try bench.bench.bench.write(".", "outside", "outside")
        let outside = bench.bench.bench.root.path(of: "outside")
        #expect(symlink(outside, outbox.path(of: "1-note.md")) == 0)
        #expect(link(outside, outbox.path(of: "2-note.md")) == 0)
        #expect(mkfifo(outbox.path(of: "3-note.md"), 0o600) == 0)
        try outbox.overwrite("4-\(secret).md", with: Array("a \(secret) b".utf8))
        try outbox.folder("0/inner").create()
        try outbox.folder("0/inner").overwrite("file", with: [1])
        try outbox.overwrite("5-big", with: [UInt8](repeating: 0x61, count: 3 << 19))
        for number in 0..<300 { try outbox.overwrite("9-\(number)", with: []) }

        let found = RefusedCollection(bench.worktree, of: bench.bench.agent.name, secrets: scan)

        let files = Dictionary(uniqueKeysWithValues: found.files.map { ($0.path, $0) })
        #expect(files["outbox/1-note.md"]?.kind == "link")
        #expect(files["outbox/2-note.md"]?.content == nil)
        #expect(files["outbox/3-note.md"]?.kind == "other")
        let masked = files["outbox/4-[a secret of this desk, masked].md"]
        #expect(masked?.content == Array("a [a secret of this desk, masked] b".utf8))
        #expect(masked?.masked == 1)
        #expect(files["outbox/0/inner/file"]?.content == [1])
        #expect(files["outbox/5-big"]?.isWhole == false)
        #expect(files["outbox/5-big"]?.length == 3 << 19)
        #expect(files["agents/researcher/STATE.md"]?.isWhole == true)
        #expect(found.files.count == RefusedCollection.fileLimit)
        #expect(found.more > 40)
        #expect(!found.files.contains { $0.content?.contains(Array("outside".utf8)) == true })
    }

    @Test("a secret in a name, in a topic, in an error or in a summary gets nowhere")
    func reasons() async throws {
        let key = "ghp_" + String(repeating: "a1", count: 18)
        var setting = Bench.Setting()
        setting.attempts = 1
        for body in [
            "write('outbox/\(key)', 'x')", "say(2, 'proposal', {'\(key)': 1, 'family': 1})",
            "write('outbox/2-proposal.json', json.dumps({'schema': 1, 'topic': '\(key)'}))",
            "answer(error={'code': 1, 'message': '\(key)'}); return True",
            "answer(result={'summary': 'found \(key)'}); return True",
        ] {
            let bench = try await Bench.make("s\(body.utf8.count)", setting)
            let log = EventLog()
            try bench.script("researcher", "def after(turn, attempt):\n    \(body)")

            try bench.run(through: 1, log: log)

            let letter = try await bench.deadLetter(of: "researcher")
            #expect(log.failures.count == 1, "\(body)")
            let objects = try await bench.git.run(
                ["cat-file", "--batch", "--batch-all-objects", "--unordered"],
                input: ""
            )
            #expect(!objects.stdout.contains(key), "\(body)")
            #expect(!log.lines.joined().contains(key), "\(body)")
            #expect(letter["reason"]?.stringValue?.isEmpty == false)
            let store = RefusedStore(DeskFolder(bench.desk.path))
            for id in try store.ids() {
                let text = String(decoding: try store.load(id).json.compactBytes, as: UTF8.self)
                #expect(!text.contains(key), "\(body)")
            }
        }
    }

    @Test("a long reason is cut before it gets into a commit")
    func longReason() {
        let failure = TurnFailure(String(repeating: "é\n", count: 5000)).fit(for: SecretScan())

        #expect(failure.reason.unicodeScalars.count == TurnFailure.reasonLimit)
        #expect(!failure.reason.contains("\n"))
    }
}
