// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Verifying webhooks")
struct WebhookTests {
    private let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    private let body = Array(
        ("{\"type\":\"data_updated\",\"timestamp\":\"2026-11-20T15:00:00Z\","
            + "\"data\":{\"path\":\"latest_data.parquet\"}}").utf8
    )
    private let stamp: Int64 = 1_795_186_800
    private let signature = "v1,aC0+Ao/h6syyhZaplNPAVuDx5XLtZpYzXw0EqlexTmY="

    private func verify(
        _ headers: [String: String],
        style: WebhookStyle = .standard,
        secrets: [String]? = nil,
        body: [UInt8]? = nil,
        late: Int64 = 0
    ) throws -> WebhookVerifier.Verdict {
        let keys = try (secrets ?? [secret]).map {
            try #require(WebhookSecret($0, style: style))
        }
        return WebhookVerifier(style: style, secrets: keys).verify(
            body: body ?? self.body,
            now: Instant(secondsSinceEpoch: stamp + late),
            header: { headers[$0] }
        )
    }

    private func headers(
        id: String? = "msg_loop_1",
        stamp: String? = "1795186800",
        signature: String? = nil
    ) -> [String: String] {
        var headers = ["webhook-signature": signature ?? self.signature]
        headers["webhook-id"] = id
        headers["webhook-timestamp"] = stamp
        return headers
    }

    @Test("the vector of Standard Webhooks is genuine")
    func vector() throws {
        #expect(try verify(headers()) == .genuine(id: "msg_loop_1"))
    }

    @Test(
        "a time stamp may be five minutes off, either way, and no more",
        arguments: [(300, true), (-300, true), (301, false), (-301, false), (1 << 40, false)]
    )
    func tolerance(late: Int64, isGenuine: Bool) throws {
        let verdict = try verify(headers(), late: min(late, 7_000_000_000))

        #expect(verdict == (isGenuine ? .genuine(id: "msg_loop_1") : .refused))
    }

    @Test("any of several secrets and any of several signatures may match")
    func rotation() throws {
        let other = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
        let several = "v1a,xxx v1,AAAA \(signature) v2,zzz"

        #expect(try verify(headers(), secrets: [other, secret]) == .genuine(id: "msg_loop_1"))
        #expect(try verify(headers(signature: several)) == .genuine(id: "msg_loop_1"))
        #expect(try verify(headers(), secrets: [other]) == .refused)
    }

    @Test("only the first sixteen signatures are looked at")
    func manySignatures() throws {
        let bad = Array(repeating: "v1,AAAA", count: 15).joined(separator: " ")

        #expect(try verify(headers(signature: "\(bad) \(signature)")) != .refused)
        #expect(try verify(headers(signature: "\(bad) v1,AAAA \(signature)")) == .refused)
    }

    @Test("a changed body, id or time stamp does not match the signature")
    func changed() throws {
        #expect(try verify(headers(), body: body + [0x20]) == .refused)
        #expect(try verify(headers(), body: []) == .refused)
        #expect(try verify(headers(id: "msg_loop_2")) == .refused)
        #expect(try verify(headers(stamp: "1795186801")) == .refused)
        #expect(try verify(headers(stamp: "01795186800")) == .refused)
    }

    @Test(
        "a signature in another form is none",
        arguments: [
            "", "v1", "v1,", "aC0+Ao/h6syyhZaplNPAVuDx5XLtZpYzXw0EqlexTmY=",
            "v2,aC0+Ao/h6syyhZaplNPAVuDx5XLtZpYzXw0EqlexTmY=",
            "v1,aC0+Ao/h6syyhZaplNPAVuDx5XLtZpYzXw0EqlexTmY",
            "v1,aC0+Ao/h6syyhZaplNPAVuDx5XLtZpYzXw0EqlexTmZ=",
            "V1,aC0+Ao/h6syyhZaplNPAVuDx5XLtZpYzXw0EqlexTmY=",
        ]
    )
    func malformedSignature(text: String) throws {
        #expect(try verify(headers(signature: text)) == .refused)
    }

    @Test("headers that are missing or malformed are told from wrong signatures")
    func malformedHeaders() throws {
        #expect(try verify(["webhook-id": "a", "webhook-timestamp": "1"]) == .refused)
        #expect(try verify(headers(id: nil)) == .malformed)
        #expect(try verify(headers(id: "")) == .malformed)
        #expect(try verify(headers(id: "a.b")) == .malformed)
        #expect(try verify(headers(id: String(repeating: "a", count: 257))) == .malformed)
        #expect(try verify(headers(stamp: nil)) == .malformed)
        for stamp in ["", "x", "-1795186800", "1795186800.5", "999999999999", " 1795186800"] {
            #expect(try verify(headers(stamp: stamp)) == .malformed, "\(stamp)")
        }
    }

    @Test("the vector of GitHub is genuine, and any other body, code or form is not")
    func github() throws {
        let secrets = ["It's a Secret to Everybody"]
        let hex = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        let check = { (text: String, body: String, id: String?) in
            var headers = ["x-hub-signature-256": text]
            headers["x-github-delivery"] = id
            return try verify(
                headers,
                style: .github,
                secrets: secrets,
                body: Array(body.utf8)
            )
        }

        #expect(try check("sha256=\(hex)", "Hello, World!", "d-1") == .genuine(id: "d-1"))
        #expect(try check("sha256=\(hex)", "Hello, World?", "d-1") == .refused)
        #expect(try check("sha256=\(hex.uppercased())", "Hello, World!", "d-1") == .refused)
        #expect(try check("sha256=\(hex.dropLast())", "Hello, World!", "d-1") == .refused)
        #expect(try check("sha1=\(hex)", "Hello, World!", "d-1") == .refused)
        #expect(try check(hex, "Hello, World!", "d-1") == .refused)
        #expect(try check("sha256=\(hex)", "Hello, World!", nil) == .malformed)
        #expect(try check("sha256=\(hex)", "Hello, World!", "") == .malformed)
        let long = String(repeating: "d", count: 257)
        #expect(try check("sha256=\(hex)", "Hello, World!", long) == .malformed)
    }

    @Test("a message without a signature is refused, whatever its style")
    func missingSignature() throws {
        let github = ["x-github-delivery": "d-1"]

        #expect(try verify(github, style: .github, secrets: ["a very secret text"]) == .refused)
        #expect(try verify(["webhook-id": "d-1", "webhook-timestamp": "1795186800"]) == .refused)
    }

    @Test("where no signature is asked for, an id still has to be one")
    func unsigned() {
        func verify(_ headers: [String: String]) -> WebhookVerifier.Verdict {
            WebhookVerifier.unsigned.verify(
                body: body,
                now: Instant(secondsSinceEpoch: stamp),
                header: { headers[$0] }
            )
        }
        let made = verify([:])

        #expect(verify(["webhook-id": "a"]) == .genuine(id: "a"))
        #expect(verify(["x-github-delivery": "b"]) == .genuine(id: "b"))
        #expect(verify(["webhook-id": "a b"]) == .malformed)
        #expect(verify(["webhook-id": String(repeating: "a", count: 257)]) == .malformed)
        #expect(made != .malformed && made != .refused)
    }

    @Test("a file of secrets has one a line, and blank lines do not matter")
    func secretFile() throws {
        let text = "\n\(secret)\r\n\n\(secret)\n"

        #expect(try WebhookSecret.read(text, style: .standard, file: "s").count == 2)
    }

    @Test(
        "a bad secret is refused by its line, and never shown",
        arguments: [
            ("whsec_c2hvcnQ=", WebhookStyle.standard, 1), ("hunter2hunter2", .standard, 1),
            ("\nwhsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZW", .standard, 2),
            ("short", .github, 1),
        ]
    )
    func badSecret(text: String, style: WebhookStyle, line: Int) throws {
        let error = #expect(throws: DeskError.self) {
            _ = try WebhookSecret.read(text, style: style, file: "secrets")
        }

        #expect(error?.problems.first?.line == line)
        let parts = text.split(separator: "\n").map { String($0.suffix(6)) }
        for part in parts { #expect(error?.description.contains(part) == false) }
    }

    @Test("a file has at least one secret and at most eight", arguments: [0, 9])
    func secretCount(count: Int) throws {
        let text = Array(repeating: secret, count: count).joined(separator: "\n")

        #expect(throws: DeskError.self) {
            _ = try WebhookSecret.read(text, style: .standard, file: "secrets")
        }
    }

    @Test("a secret does not show itself")
    func hidden() throws {
        let made = try #require(WebhookSecret("a very secret text", style: .github))
        var dumped = ""

        dump(made, to: &dumped)

        #expect(!"\(made) \(String(reflecting: made)) \(dumped)".contains("very"))
        #expect(!dumped.contains("118"))
    }
}
