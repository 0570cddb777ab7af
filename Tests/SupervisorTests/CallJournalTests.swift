// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("The journal of calls", .scratchFolder)
struct CallJournalTests {
    private static let file = "researcher.jsonl"

    private func folder() throws -> DeskFolder {
        let desk = DeskFolder("\(try ScratchFolder.path)/desk")
        try desk.root.create()
        return desk
    }

    private func journal(_ turn: Int) throws -> CallJournal {
        let agent = try #require(AgentName("researcher"))
        return try CallJournal(try folder(), agent, turn: turn, isDurable: false)
    }

    private func record(_ text: String) -> CallRecord {
        CallRecord(.model, ContentHash(of: Array(text.utf8)), .success(.string(text)))
    }

    private func stands(_ text: String, _ journal: CallJournal, place: Int = 0) -> String {
        switch journal.entry(record(text).request, place: place) {
        case .new: "new"
        case .unknown: "unknown"
        case .done(let found): "\(found == record(text))"
        }
    }

    @Test("what was done and what was begun is known again, in the same turn only")
    func known() throws {
        var first = try journal(1)
        try first.finish(record("a"), place: 0)
        try first.begin(record("b").request, place: 0)

        let again = try journal(1)
        let next = try journal(11)

        #expect(stands("a", again) == "true")
        #expect(stands("a", again, place: 1) == "new")
        #expect(stands("b", again) == "unknown")
        #expect(stands("a", next) == "new")
    }

    @Test("half a line is passed over, and what follows it is read again")
    func cut() throws {
        var first = try journal(1)
        try first.finish(record("a"), place: 0)
        try first.finish(record("b"), place: 0)
        let calls = try folder().runtime.folder("calls")
        let bytes = try calls.read(Self.file)
        try calls.replace(Self.file, with: Array(bytes.dropLast(9)))

        var second = try journal(1)
        try second.finish(record("c"), place: 0)

        let third = try journal(1)
        #expect(["a", "b", "c"].map { stands($0, third) } == ["true", "new", "true"])
    }

    @Test("after a line that could not be written nothing is added behind what is left of it")
    func torn() throws {
        let calls = try folder().runtime.folder("calls")
        var first = try journal(1)
        try first.finish(record("a"), place: 0)
        let whole = try calls.read(Self.file)
        try calls.removeFile(Self.file)
        try calls.folder(Self.file).create()
        #expect(throws: FileError.self) { try first.finish(record("b"), place: 0) }
        try calls.folder(Self.file).removeAll()
        try calls.replace(Self.file, with: whole + Array(#"{"turn":1,"requ"#.utf8))

        try first.finish(record("c"), place: 0)

        let second = try journal(1)
        #expect(["a", "b", "c"].map { stands($0, second) } == ["true", "new", "true"])
    }

    @Test("what earlier turns left does not grow without end, and costs nothing of the newest")
    func bounded() throws {
        let long = String(repeating: "x", count: 1000)
        let calls = try folder().runtime.folder("calls")
        var most = 0
        for turn in 1...100 {
            var journal = try journal(turn)
            try journal.finish(record("\(long) \(turn)"), place: 0)
            most = max(most, try calls.read(Self.file).count)
            #expect(stands("\(long) \(turn)", try self.journal(turn)) == "true")
        }
        #expect(most > 8 << 10 && most < 20 << 10)
    }
}
