// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
@testable import Gateway
import Glibc
import MCP
import Synchronization
import Testing
import Trading

/// Tools that answer only when they are let.
private final class HeldTools: BrokerTools {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var asked: [String] = []
    }

    private let state = Mutex(State())

    var asked: [String] { state.withLock(\.asked) }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    func call(_ tool: String, _ arguments: JSON) async throws(MCPError) -> ToolResult {
        if tool == "get_account_info" {
            let account: JSON = ["data": ["account_number": "PA7"]]
            return ToolResult(text: "", structured: account)
        }
        let name = arguments["client_order_id"]?.stringValue ?? tool
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                state.asked.append(name)
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
        return ToolResult(text: "HTTP error 404", isError: true)
    }
}

@Suite("Link to a broker", .timeLimit(.minutes(1)))
struct BrokerLinkTests {
    private func link() throws -> (BrokerLink, HeldTools) {
        let tools = HeldTools()
        let mapping = try BrokerMapping(
            parsing: try #require(BrokerMapping.builtIn["alpaca"]),
            file: "alpaca"
        )
        return (try BrokerLink(BrokerVenue(mapping, tools, isLive: false)), tools)
    }

    /// Waits for so many reports, by the bell.
    private func reports(_ link: BrokerLink, _ count: Int) -> [VenueReport] {
        var found: [VenueReport] = []
        while found.count < count {
            var entry = pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 20_000) > 0 else { break }
            found += link.takeReports()
        }
        return found
    }

    /// Protects what an entry has opened.
    private func stop(_ entry: String) throws -> VenueRequest {
        .place(
            VenueOrder(
                id: try OrderID(anyKind: "\(entry)!s1"),
                entry: try OrderID(entry),
                instrument: try InstrumentID("AAA"),
                side: .sell,
                quantity: try Quantity(Decimal8(10)),
                kind: .stop(try Price(Decimal8(90))),
                reducesOnly: true
            )
        )
    }

    private func awaitAsked(_ tools: HeldTools, _ count: Int) async {
        while tools.asked.count < count, !Task.isCancelled { await Task.yield() }
    }

    @Test("requests never make the caller wait, and only so many are under way at a time")
    func limits() async throws {
        let (link, tools) = try link()

        for place in 0..<1_100 { link.send(.query(try OrderID("o\(place)"))) }
        await awaitAsked(tools, BrokerLink.tasks)
        let underWay = tools.asked.count
        tools.open()
        let kept = BrokerLink.tasks + BrokerLink.longestQueue
        let told = reports(link, kept)
        link.send(.query(try OrderID("last")))
        let later = reports(link, 1)

        #expect(underWay == BrokerLink.tasks)
        #expect(told.count == kept)
        #expect(later == [.standing(try OrderID("last"), .unknown)])
        #expect(Set(tools.asked).count == kept + 1)
    }

    @Test("a queue that is full takes what takes risk away all the same")
    func urgentFits() throws {
        var state = BrokerLink.State()
        for place in 0..<BrokerLink.longestQueue {
            state.enqueue(.query(try OrderID("o\(place)")))
        }

        state.enqueue(.query(try OrderID("more")))
        state.enqueue(try stop("o1"))

        #expect(state.waiting.count == BrokerLink.longestQueue + 1)
        #expect(state.waiting.last == (try stop("o1")))
    }

    @Test("what waits or is under way is not asked twice")
    func doubles() async throws {
        let (link, tools) = try link()
        let id = try OrderID("o1")

        for _ in 0..<3 { link.send(.query(id)) }
        for place in 2...BrokerLink.tasks { link.send(.query(try OrderID("o\(place)"))) }
        for _ in 0..<3 { link.send(.query(try OrderID("waits"))) }
        await awaitAsked(tools, BrokerLink.tasks)
        tools.open()
        let told = reports(link, BrokerLink.tasks + 1)
        link.send(.query(id))
        let later = reports(link, 1)

        #expect(told.count == BrokerLink.tasks + 1)
        #expect(later == [.standing(id, .unknown)])
        #expect(tools.asked.count { $0 == "o1" } == 2)
        #expect(tools.asked.count { $0 == "waits" } == 1)
    }

    @Test("of looks that wait only the newest is taken")
    func surveys() async throws {
        let (link, tools) = try link()
        for place in 0..<BrokerLink.tasks { link.send(.query(try OrderID("o\(place)"))) }
        await awaitAsked(tools, BrokerLink.tasks)

        for number in 1...5 { link.send(.survey(number)) }
        tools.open()
        _ = reports(link, BrokerLink.tasks)
        let look = "get_account_activities_by_type"
        while !tools.asked.contains(look) { await Task.yield() }
        link.send(.query(try OrderID("last")))
        _ = reports(link, 1)

        #expect(tools.asked.count { $0 == look } == 1)
    }

    @Test("what takes risk away waits for nothing that hangs, and only two looks are under way")
    func urgent() async throws {
        let (link, tools) = try link()
        for number in 1...5 { link.send(.survey(number)) }
        for place in 0..<20 { link.send(.query(try OrderID("o\(place)"))) }
        await awaitAsked(tools, BrokerLink.tasks)
        let before = tools.asked

        link.send(try stop("o1"))
        await awaitAsked(tools, BrokerLink.tasks + 1)
        let after = tools.asked
        tools.open()

        #expect(before.count { $0 == "get_account_activities_by_type" } == BrokerLink.looks)
        #expect(before.count == BrokerLink.tasks)
        #expect(after.last == "o1!s1")
    }

    @Test("what takes risk away overtakes what waits, and there is an end to its room as well")
    func urgentLimit() throws {
        var state = BrokerLink.State()
        let most = BrokerLink.tasks
        let queries = try (0...most).map { VenueRequest.query(try OrderID("o\($0)")) }
        let stops = try (0..<20).map { try stop("o\($0)") }
        var begun: [VenueRequest] = []

        for request in queries + stops {
            state.enqueue(request)
            begun += state.begin()
        }
        var next: [[VenueRequest]] = []
        for ended in stops.prefix(2) {
            state.underWay.remove(ended)
            next.append(state.begin())
        }

        #expect(begun == Array(queries[..<most] + stops[..<most]))
        #expect(next == [[stops[most]], [stops[most + 1]]])
        #expect(state.waiting == Array(queries[most...] + stops[(most + 2)...]))
        #expect(state.underWay.count == 2 * most)
    }
}
