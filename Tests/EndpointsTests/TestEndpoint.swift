// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Endpoints
import TestSupport
import Testing

/// A started endpoint with one hook of each style, and what a sender needs.
final class TestEndpoint {
    static let now = Instant(secondsSinceEpoch: 1_795_186_800)
    static let key = Array("0123456789abcdef0123456789abcdef".utf8)
    static let body = "{\"type\":\"data_updated\"}"

    let endpoint: Endpoint
    let spool: TriggerSpool
    let metrics = DeskMetrics()
    let standard: AgentName
    let github: AgentName

    private struct FixedClock: WallClock {
        func now() -> Instant { TestEndpoint.now }
    }

    init(limits: EndpointLimits = EndpointLimits(), spoolLimit: Int = 64) throws {
        standard = try #require(AgentName("verifier"))
        github = try #require(AgentName("hub"))
        spool = try TriggerSpool(DeskFolder(try ScratchFolder.path), limit: spoolLimit)
        let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
        let configuration = EndpointConfiguration(
            address: try EndpointAddress("127.0.0.1:0"),
            hooks: [
                standard: WebhookVerifier(
                    style: .standard,
                    secrets: [try #require(WebhookSecret(secret, style: .standard))]
                ),
                github: WebhookVerifier(
                    style: .github,
                    secrets: [
                        try #require(
                            WebhookSecret("It's a Secret to Everybody", style: .github)
                        )
                    ]
                ),
            ],
            limits: limits
        )
        endpoint = try Endpoint.start(
            configuration,
            spool: spool,
            metrics: metrics,
            wall: FixedClock()
        )
    }

    deinit { endpoint.stop() }

    func caller() throws -> Caller { try Caller(port: endpoint.address.port) }

    /// The lines that sign a body as Standard Webhooks.
    func signature(_ body: String, id: String = "msg_1") -> String {
        let stamp = Self.now.secondsSinceEpoch
        let code = MessageCode(of: [Array("\(id).\(stamp).\(body)".utf8)], key: Self.key)
        return "webhook-id: \(id)\r\nwebhook-timestamp: \(stamp)\r\n"
            + "webhook-signature: v1,\(Self.base64(code.bytes))\r\n"
    }

    /// A whole request to the standard hook.
    func post(
        _ body: String = TestEndpoint.body,
        id: String = "msg_1",
        signing signed: String? = nil,
        more: String = ""
    ) -> String {
        "POST /hooks/verifier HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n"
            + signature(signed ?? body, id: id) + more + "\r\n"
            + body
    }

    /// The answer to one request, after which the connection is closed.
    func answer(_ request: String) throws -> String {
        let caller = try caller()
        caller.say(request)
        caller.end()
        return caller.hearAll()
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = (Array(group) + [0, 0]).prefix(3).reduce(0) { $0 << 8 | Int($1) }
            for place in 0..<4 {
                let letter = letters[bits >> (18 - 6 * place) & 63]
                text.append(place <= group.count ? letter : "=")
            }
        }
        return text
    }
}

/// The status of the first answer in a text; 0 when there is none.
func status(_ answer: String) -> Int {
    Int(answer.dropFirst(9).prefix(3)) ?? 0
}
