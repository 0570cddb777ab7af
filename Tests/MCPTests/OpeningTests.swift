// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Testing

@Suite("Finding a revision")
struct OpeningTests {
    @Test("a server that knows the stateless revision is spoken to without a handshake")
    func stateless() async throws {
        let transport = ScriptedTransport.serving([])

        let session = try await ClientSession.open(over: transport)
        _ = try await session.fetchTools()

        #expect(session.peer.revision == .july2026)
        #expect(session.peer.name == "s")
        #expect(transport.methods == ["server/discover", "tools/list"])
        let meta = transport.requests.last?.params["_meta"]
        #expect(meta?["io.modelcontextprotocol/protocolVersion"]?.stringValue == "2026-07-28")
        #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == .object([]))
    }

    @Test("any other answer to the first question means a handshake", arguments: Self.refusals)
    func handshake(refusal: MCPError) async throws {
        let transport = ScriptedTransport { request throws(MCPError) in
            guard request.method == "initialize" else { throw refusal }
            return ["protocolVersion": "2025-06-18", "capabilities": ["tools": .object([])]]
        }

        let session = try await ClientSession.open(over: transport)

        #expect(session.peer.revision == .june2025)
        #expect(transport.revision == .june2025)
        #expect(transport.notices.count == 1)
        let named = refusal.fault?.data?["supported"]?.arrayValue?.first?.stringValue
        let asked = transport.requests.last?.params["protocolVersion"]?.stringValue
        #expect(asked == named ?? "2025-11-25")
    }

    static let refusals = [
        ScriptedTransport.fault(Fault.unknownMethod),
        ScriptedTransport.fault(Fault.invalidParameters),
        MCPError(.timedOut, "", "no answer", mayHaveArrived: true),
        MCPError(.unreachable, "", "status 404"),
        ScriptedTransport.fault(Fault.unsupportedVersion, supported: ["2025-06-18"]),
    ]

    @Test("a revision that the server names instead is taken")
    func named() async throws {
        let transport = ScriptedTransport { request throws(MCPError) in
            if request.method == "server/discover" { throw MCPError(.timedOut, "", "slow") }
            throw ScriptedTransport.fault(
                Fault.unsupportedVersion,
                supported: ["2026-07-28", "2099-01-01"]
            )
        }

        let session = try await ClientSession.open(over: transport)

        #expect(session.peer.revision == .july2026)
        #expect(transport.methods == ["server/discover", "initialize"])
    }

    @Test("without a revision in common there is no conversation")
    func none() async {
        let transport = ScriptedTransport { request throws(MCPError) in
            guard request.method == "initialize" else {
                throw ScriptedTransport.fault(Fault.unknownMethod)
            }
            return ["protocolVersion": "2099-01-01"]
        }

        let error = await #expect(throws: MCPError.self) {
            try await ClientSession.open(over: transport)
        }

        #expect(error?.code == .noRevision)
        #expect(error?.reason.contains("'2099-01-01'") == true)
    }

    @Test("a server that is not there is no reason for a handshake")
    func gone() async {
        let transport = ScriptedTransport { _ throws(MCPError) in
            throw MCPError(.disconnected, "", "it ended")
        }

        let error = await #expect(throws: MCPError.self) {
            try await ClientSession.open(over: transport)
        }

        #expect(error?.code == .disconnected)
        #expect(transport.methods == ["server/discover"])
    }
}
