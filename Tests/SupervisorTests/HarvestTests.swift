// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("What is taken from a turn", .scratchFolder)
struct HarvestTests {
    private static let state = "agents/researcher/STATE.md"

    /// A worktree with a memory and a proposal, which is fit to be taken.
    private func fit() async throws -> OutboxBench {
        let bench = try await OutboxBench.make()
        try bench.worktree.overwrite(Self.state, with: Self.memory)
        try bench.outbox.overwrite("1-proposal.json", with: OutboxBench.proposal())
        return bench
    }

    /// Something that is wrong with a file, and a word of the reason.
    private struct Fault {
        let reason: String
        let file: String
        let bytes: [UInt8]

        init(_ reason: String, _ file: String, _ bytes: [UInt8]) {
            (self.reason, self.file, self.bytes) = (reason, "outbox/\(file)", bytes)
        }

        init(_ reason: String, memory bytes: [UInt8]) {
            (self.reason, file, self.bytes) = (reason, HarvestTests.state, bytes)
        }
    }

    private static let memory = Array("---\nturn: 1\n---\n".utf8)
    private static let faults: [Fault] = [
        Fault("STATE.md is empty; write it in each turn", memory: []),
        Fault("no front matter", memory: Array("hello\n".utf8)),
        Fault(
            "at most 1048576 are allowed",
            memory: Array("---\n---\n".utf8) + [UInt8](repeating: 0x20, count: 1 << 20)
        ),
        Fault("at most 4096 are allowed", "2-note.md", [UInt8](repeating: 0x61, count: 4097)),
        Fault("the note '2-note.md' is not UTF-8", "2-note.md", [0xFF]),
        Fault(
            "a researcher may not say 'verdict'",
            "2-verdict.json",
            Signal.draft(.verdict, [:]).compactBytes
        ),
        Fault("holds the topic 'proposal'", "2-intent.json", OutboxBench.proposal()),
        Fault("'family' is missing", "2-proposal.json", Signal.draft(.proposal, [:]).compactBytes),
        Fault("the outbox holds '12345-note.md'", "12345-note.md", [0x61]),
        Fault("the outbox holds '+1-note.md'", "+1-note.md", [0x61]),
        Fault("the outbox holds 'a.txt'", "a.txt", [0x61]),
    ]

    @Test("what is wrong is refused with its reason, which tells no folder")
    func refused() async throws {
        let bench = try await fit()
        for fault in Self.faults {
            #expect(throws: Never.self) { try bench.folder.harvest() }
            try bench.worktree.overwrite(fault.file, with: fault.bytes)

            let refusal = #expect(throws: TurnFolder.Refusal.self) { try bench.folder.harvest() }

            let told = refusal?.description ?? ""
            #expect(told.contains(fault.reason), "\(told)")
            #expect(!told.contains(bench.worktree.path))
            if fault.file == Self.state {
                try bench.worktree.overwrite(Self.state, with: Self.memory)
            } else {
                try bench.worktree.removeFile(fault.file)
            }
        }
    }

    @Test("of several wrong names the first in their order is told")
    func firstName() async throws {
        let bench = try await fit()
        for name in ["m.txt", "b.txt", "z.txt"] { try bench.outbox.overwrite(name, with: [0x61]) }

        let refusal = #expect(throws: TurnFolder.Refusal.self) { try bench.folder.harvest() }

        #expect(refusal?.description.contains("'b.txt'") == true)
    }

    @Test("files are taken in the order of their numbers, and those in the making are left")
    func order() async throws {
        let bench = try await fit()
        let whole = try bench.folder.harvest()
        for number in [10, 2, 3] {
            try bench.outbox.overwrite("\(number)-note.md", with: Array("\(number)".utf8))
        }
        for number in 0..<20 {
            try bench.outbox.overwrite("\(number)-note.md.part", with: [0x61])
        }

        let harvest = try bench.folder.harvest()

        #expect(harvest.notes.map { String(decoding: $0, as: UTF8.self) } == ["2", "3", "10"])
        #expect(harvest.signals.map(\.topic) == [.proposal])
        #expect(harvest.hasUnfinished && !whole.hasUnfinished)
    }

    @Test("as many files as are allowed are taken, and one more is refused")
    func count() async throws {
        let bench = try await fit()
        let most = bench.bench.desk.configuration.supervision.filesPerTurn
        for number in 2...most { try bench.outbox.overwrite("\(number)-note.md", with: [0x61]) }

        let taken = try bench.folder.harvest()
        try bench.outbox.overwrite("\(most + 1)-note.md", with: [0x61])
        let refusal = #expect(throws: TurnFolder.Refusal.self) { try bench.folder.harvest() }

        #expect(taken.notes.count == most - 1)
        #expect(refusal?.description.contains("holds \(most + 1) files; at most \(most)") == true)
    }

    @Test("a delivery leaves nothing of the turn before, in neither folder")
    func delivery() async throws {
        let bench = try await fit()
        let inbox = bench.worktree.folder("inbox")
        try inbox.create()
        for name in ["0001-bars.json", "0099-bars.json", "note"] {
            try inbox.overwrite(name, with: [0x61])
        }

        try bench.folder.deliver(try bench.plan())

        #expect(try inbox.names().isEmpty)
        #expect(try bench.outbox.names().isEmpty)
    }

    @Test("the reason of a failure is one line of bounded length")
    func reason() {
        let long = TurnFailure(String(repeating: "é", count: 5000)).fit(for: SecretScan())
        let odd = TurnFailure("one\ntwo\u{2028}three\u{200B}\u{7}four").fit(for: SecretScan())

        #expect(long.reason.unicodeScalars.count == TurnFailure.reasonLimit)
        #expect(odd.reason == "one two three  four")
    }
}
