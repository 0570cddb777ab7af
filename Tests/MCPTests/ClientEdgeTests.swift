// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Synchronization
import Testing

@testable import MCP

@Suite("What a client makes of servers that do not keep to the protocol", .timeLimit(.minutes(1)))
struct ClientEdgeTests {
    private func fault(_ body: () async throws -> Void) async -> MCPError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? MCPError
        }
    }

    @Test("a result that is no object, or of a kind that is not known, is no result")
    func results() async throws {
        for result in [[1], ["resultType": "later"]] as [JSON] {
            let transport = ScriptedTransport.serving([ScriptedTransport.tool("a")]) { _ in result }
            let session = try await ClientSession.open(over: transport)
            let tool = try #require(try await session.fetchTools().tools.first)

            let error = await fault { _ = try await session.call(tool, [:]) }

            #expect(error?.code == .malformed && error?.mayHaveArrived == true, "\(result)")
        }
    }

    @Test("a tool that fails need not give the structured result that it promises")
    func failing() async throws {
        let schema: JSON.Member = .init("outputSchema", ["type": "object", "required": ["x"]])
        let tools = [ScriptedTransport.tool("a", [schema])]
        let transport = ScriptedTransport.serving(tools) { _ in ["content": [], "isError": true] }
        let session = try await ClientSession.open(over: transport)
        let tool = try #require(try await session.fetchTools().tools.first)

        #expect(try await session.call(tool, [:]).isError)
    }

    @Test("a list without its entries is an error, and a list does not hold for longer than a day")
    func lists() async throws {
        let empty = ScriptedTransport { request throws(MCPError) in
            request.method == "tools/list" ? [:] : ScriptedTransport.discovered
        }
        let long = ScriptedTransport { request throws(MCPError) in
            request.method == "tools/list"
                ? ["tools": [], "ttlMs": 1_000_000_000_000] : ScriptedTransport.discovered
        }
        let session = try await ClientSession.open(over: empty)

        let error = await fault { _ = try await session.fetchTools() }
        let list = try await ClientSession.open(over: long).fetchTools()

        #expect(error?.code == .malformed)
        #expect(list.lifetime == .seconds(86_400))
    }

    @Test("the first question waits for so long and no longer, whatever calls may take")
    func patience() async throws {
        let transport = ScriptedTransport.serving([])

        _ = try await ClientSession.open(over: transport, inbox: Inbox { _ in })

        #expect(transport.requests.first?.limits.idle == ClientSession.discoverPatience)
        #expect(transport.requests.first?.limits.total == ClientSession.discoverPatience)
    }

    @Test("revisions that nobody here speaks end the opening, and so does a second refusal")
    func revisions() async throws {
        let future = ScriptedTransport { _ throws(MCPError) in
            ["supportedVersions": ["2099-01-01"], "capabilities": [:]]
        }
        let confused = ScriptedTransport { request throws(MCPError) in
            guard request.method == "initialize" else {
                throw ScriptedTransport.fault(Fault.unknownMethod)
            }
            return ["protocolVersion": "2026-07-28", "capabilities": [:]]
        }
        let stubborn = ScriptedTransport { request throws(MCPError) in
            guard request.method == "initialize" else {
                throw ScriptedTransport.fault(Fault.unknownMethod)
            }
            throw ScriptedTransport.fault(Fault.invalidParameters, supported: ["2024-11-05"])
        }

        let codes = [
            await fault { _ = try await ClientSession.open(over: future) }?.code,
            await fault { _ = try await ClientSession.open(over: confused) }?.code,
            await fault { _ = try await ClientSession.open(over: stubborn) }?.code,
        ]

        #expect(codes == [.noRevision, .noRevision, .refused])
        #expect(stubborn.methods == ["server/discover", "initialize", "initialize"])
    }

    @Test("lines for a log are cut, and what a server asks for is refused or passed over")
    func inbox() throws {
        let notices = Mutex<[Inbox.Notice]>([])
        let inbox = Inbox { notice in notices.withLock { $0.append(notice) } }
        let long = String(repeating: "x", count: 5_000)

        inbox.take(
            notice: "notifications/message",
            ["level": .string(long), "data": .string(long)]
        )
        let ping = inbox.answer(.number(1), method: "ping", isStateless: false)
        let sample = inbox.answer(.number(2), method: "sampling/createMessage", isStateless: false)
        let stateless = inbox.answer(.number(3), method: "ping", isStateless: true)

        guard case .log(let level, let text) = notices.withLock({ $0.first }) else {
            Issue.record("no line came")
            return
        }
        #expect(level.count == 20 && text.count == Inbox.logLimit)
        #expect(ping == .response(.number(1), result: [:]))
        guard case .failure(.number(2), let refusal) = sample else {
            Issue.record("what nobody can answer was answered")
            return
        }
        #expect(refusal.code == Fault.unknownMethod && stateless == nil)
        #expect(notices.withLock { $0.count } == 2)
    }
}
