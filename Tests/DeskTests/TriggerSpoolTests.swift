// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("The spool of requests for turns", .scratchFolder)
struct TriggerSpoolTests {
    private func desk() throws -> DeskFolder { DeskFolder(try ScratchFolder.path) }

    private func request(
        _ id: String,
        agent: String = "verifier",
        kind: TriggerRequest.Kind = .webhook,
        payload: [UInt8] = [],
        second: Int64 = 0
    ) throws -> TriggerRequest {
        let name = try #require(AgentName(agent))
        let time = Instant(secondsSinceEpoch: 1_795_186_800 + second)
        let made = TriggerRequest(agent: name, kind: kind, id: id, payload: payload, time: time)
        return try #require(made)
    }

    private let later = Instant(secondsSinceEpoch: 1_795_190_000)

    @Test("what was accepted waits, oldest first, whatever the order of arrival")
    func order() throws {
        let spool = try TriggerSpool(try desk())
        let requests = try [3, 1, 2].map { second in
            try request("id-\(second)", payload: Array("{\"n\":\(second)}".utf8), second: second)
        }

        for request in requests { #expect(try spool.accept(request) == .new) }

        #expect(try spool.pending() == [requests[1], requests[2], requests[0]])
        #expect(try spool.pending().first?.json?["n"]?.intValue == 1)
    }

    @Test("a request that is sent again is a duplicate, while it waits and after it was run")
    func duplicate() throws {
        let desk = try desk()
        let spool = try TriggerSpool(desk)
        let request = try request("a")

        #expect(try spool.accept(request) == .new)
        #expect(try spool.accept(request) == .duplicate)
        try spool.finish(request, at: later)
        #expect(try TriggerSpool(desk).accept(request) == .duplicate)
        #expect(try spool.pending().isEmpty)
    }

    @Test("a request that has had its turn before the answer is new all the same")
    func atOnce() throws {
        let desk = try desk()
        let spool = try TriggerSpool(desk)
        let (first, second) = (try request("a"), try request("b"))
        let remembered = desk.triggers.folder("remembered")

        let own = try spool.accept(first) { () throws(FileError) in
            try spool.finish(first, at: later)
        }
        let other = try spool.accept(second) { () throws(FileError) in
            try remembered.replace(second.name, with: [])
        }

        #expect(own == .new)
        #expect(other == .duplicate)
        #expect(try spool.pending().isEmpty)
        #expect(try spool.accept(first) == .duplicate)
    }

    @Test("the same id of another agent or kind is another request")
    func scope() throws {
        let spool = try TriggerSpool(try desk())

        #expect(try spool.accept(try request("a")) == .new)
        #expect(try spool.accept(try request("a", agent: "risk")) == .new)
        #expect(try spool.accept(try request("a", kind: .person)) == .new)
    }

    @Test("a finished id is forgotten by the sweep and not before")
    func sweep() throws {
        let spool = try TriggerSpool(try desk())
        let request = try request("a")
        _ = try spool.accept(request)
        try spool.finish(request, at: later)

        try spool.sweep(before: later)
        #expect(try spool.accept(request) == .duplicate)
        try spool.sweep(before: later.adding(seconds: 1))
        #expect(try spool.accept(request) == .new)
    }

    @Test("a sweep leaves what waits alone, and a folder in the way too")
    func sweepKeepsWaiting() throws {
        let desk = try desk()
        let spool = try TriggerSpool(desk)
        let request = try request("a")
        _ = try spool.accept(request)
        try desk.triggers.folder("remembered").folder("odd").create()

        try spool.sweep(before: later.adding(seconds: 1 << 32))

        #expect(try spool.pending() == [request])
    }

    @Test("finishing twice, or what is not there, only remembers the id")
    func finishTwice() throws {
        let spool = try TriggerSpool(try desk())
        let (first, second) = (try request("a"), try request("b"))
        _ = try spool.accept(first)

        try spool.finish(first, at: later)
        try spool.finish(first, at: later)
        try spool.finish(second, at: later)

        #expect(try spool.accept(first) == .duplicate)
        #expect(try spool.accept(second) == .duplicate)
    }

    @Test("a finished request takes no room for its payload")
    func memoryIsSmall() throws {
        let desk = try desk()
        let spool = try TriggerSpool(desk)
        let request = try request("a", payload: [UInt8](repeating: 7, count: 1 << 20))
        _ = try spool.accept(request)

        try spool.finish(request, at: later)

        let remembered = desk.triggers.folder("remembered")
        #expect(try remembered.read(request.name).isEmpty)
    }

    @Test("an agent's spool takes so many requests and then is full, for that agent alone")
    func full() throws {
        let spool = try TriggerSpool(try desk(), limit: 2)
        let first = try request("1")
        _ = try spool.accept(first)
        _ = try spool.accept(try request("2"))

        #expect(try spool.accept(try request("3")) == .full)
        #expect(try spool.accept(first) == .duplicate)
        #expect(try spool.accept(try request("3", agent: "risk")) == .new)
        try spool.finish(first, at: later)
        #expect(try spool.accept(try request("3")) == .new)
    }

    @Test("reading stops at the limits and goes on when the first are finished")
    func bounded() throws {
        let spool = try TriggerSpool(try desk())
        let requests = try (0..<5).map { number in
            try request("\(number)", payload: Array(repeating: 1, count: 100), second: number)
        }
        for request in requests { _ = try spool.accept(request) }

        #expect(try spool.pending(limit: 2) == Array(requests[..<2]))
        #expect(try spool.pending(limitBytes: 250) == Array(requests[..<2]))
        #expect(try spool.pending(limitBytes: 1) == Array(requests[..<1]))
        try spool.finish(requests[0], at: later)
        #expect(try spool.pending(limit: 2) == Array(requests[1...2]))
    }

    @Test(
        "a file that is not what was written is set aside and reported, and the others are read",
        arguments: ["empty", "cut", "changed", "renamed", "foreign", "folder", "link"]
    )
    func broken(kind: String) throws {
        let desk = try desk()
        let spool = try TriggerSpool(desk)
        let (bad, good) = (try request("bad"), try request("good", second: 5))
        _ = try spool.accept(bad)
        _ = try spool.accept(good)
        var bytes = try spool.waiting.read(bad.name)
        try spool.waiting.removeFile(bad.name)
        var name = bad.name
        switch kind {
        case "empty": bytes = []
        case "cut": bytes.removeLast(3)
        case "changed": bytes[bytes.count - 2] ^= 1
        case "renamed": name = "verifier.webhook.0"
        case "foreign": (name, bytes) = ("notes.txt", Array("hello".utf8))
        default: break
        }
        switch kind {
        case "folder": try spool.waiting.folder(name).create()
        case "link": #expect(symlink("/nonexistent/x", spool.waiting.path(of: name)) == 0)
        default: try spool.waiting.replace(name, with: bytes)
        }
        var reports: [String] = []

        let pending = try spool.pending { reports.append($0) }

        #expect(pending == [good])
        #expect(try spool.waiting.names() == [good.name])
        #expect(reports == [desk.triggers.folder("broken").path(of: name)])
    }

    @Test("what a killed writer left half-written is never a request, and the sweep removes it")
    func part() throws {
        let desk = try desk()
        let spool = try TriggerSpool(desk)
        let request = try request("a")
        let parts = desk.triggers.folder("parts")
        try parts.replace("77-0", with: Array(repeating: 1, count: 10))
        try parts.setDate(of: "77-0", to: later)

        #expect(try spool.pending().isEmpty)
        #expect(try spool.accept(request) == .new)
        #expect(try parts.names() == ["77-0"])
        try spool.sweep(before: later.adding(seconds: 1))
        #expect(try parts.names().isEmpty)
        #expect(try spool.pending() == [request])
    }

    @Test("a request accepted while it was being finished is passed over by the reader")
    func race() throws {
        let desk = try desk()
        let spool = try TriggerSpool(desk)
        let request = try request("a")
        _ = try spool.accept(request)
        let bytes = try spool.waiting.read(request.name)
        try spool.finish(request, at: later)
        // As if another process had made the file after it looked into the memory, and was killed.
        try spool.waiting.replace(request.name, with: bytes)

        #expect(try spool.pending().isEmpty)
        #expect(try spool.waiting.names().isEmpty)
    }

    @Test("of many that send the same request at once, one is told that it is new")
    func concurrent() throws {
        let desk = try desk()
        let requests = try (0..<8).map { try request("id-\($0)") }
        let news = Mutex<[String]>([])
        let failures = Mutex(0)

        DispatchQueue.concurrentPerform(iterations: 64) { index in
            do {
                let request = requests[index % 8]
                guard try TriggerSpool(desk).accept(request) == .new else { return }
                news.withLock { $0.append(request.id) }
            } catch {
                failures.withLock { $0 += 1 }
            }
        }

        #expect(failures.withLock { $0 } == 0)
        #expect(news.withLock { $0.sorted() } == requests.map(\.id))
        #expect(try TriggerSpool(desk).pending().count == 8)
    }

    @Test("an id is 1 to 256 visible characters, and a payload at most one mebibyte")
    func limits() throws {
        let agent = try #require(AgentName("risk"))
        let make = { (id: String, bytes: Int) in
            TriggerRequest(
                agent: agent,
                kind: .webhook,
                id: id,
                payload: [UInt8](repeating: 0, count: bytes),
                time: later
            )
        }

        #expect(make("", 0) == nil && make("a b", 0) == nil && make("é", 0) == nil)
        #expect(make(String(repeating: "a", count: 257), 0) == nil)
        #expect(make("a", 1 << 20 + 1) == nil)
        #expect(make(String(repeating: "\"", count: 256), 1 << 20) != nil)
    }

    @Test("the largest request comes back as it was")
    func largest() throws {
        let spool = try TriggerSpool(try desk())
        let payload = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0) }
        let request = try request(String(repeating: "\"", count: 256), payload: payload)

        #expect(try spool.accept(request) == .new)
        #expect(try spool.pending() == [request])
    }
}
