// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP
import Testing

@testable import Egress

@Suite("What passes on the way out")
struct EgressRulesTests {
    private func decide(_ line: String) throws -> EgressRules.Decision {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        return EgressRules(
            configuration: try EgressConfiguration(parsing: TestExit.configuration),
            port: 8080,
            localPath: "/tools"
        ).decide(method: words[0], target: words[1])
    }

    @Test(
        "a target that can be read in two ways is not read at all",
        arguments: [
            "GET /local/a b", "GET /local/\u{E9}", "GET /local/a\u{7F}",
            "GET http://user@api.example.com/", "GET http://api.example.com/#x",
            "CONNECT api.example.com:+443", "CONNECT api.example.com:000443",
            "CONNECT ::1:443", "CONNECT api.example.com:65979",
            "GET /local/" + String(repeating: "x", count: 8 << 10),
        ]
    )
    func malformed(line: String) throws {
        #expect(try decide(line) == .refuse(.malformed))
    }

    @Test(
        "a path that climbs is refused however it is spelled",
        arguments: [
            "../admin", "x/../../admin", "%2e%2e/admin", "%2E%2e/admin", "x%5c..%5cadmin",
            "x%2f..%2fadmin", "..;/admin", "%252e%252e/admin", "x\\..\\admin", "./x",
        ]
    )
    func climbs(path: String) throws {
        let decision = try decide("GET /local/\(path)")

        #expect(decision == .refuse(.forbidden("a path may not climb out of its route")))
    }

    @Test("the way out is known by its own address and port, and by no other")
    func own() throws {
        guard
            case .send(let url, let label, let route) = try decide(
                "GET http://127.0.0.1:8080/local/x?q=../y"
            )
        else {
            Issue.record("its own address was refused")
            return
        }
        #expect(url == "http://127.0.0.1:9000/v1/x?q=../y" && label == "local")
        #expect(route?.name == "local")
        #expect(
            try decide("GET http://127.0.0.1:8081/local/x") == .refuse(.unlisted("127.0.0.1:8081"))
        )
        #expect(
            try decide("GET http://evil.example:8080/local/x")
                == .refuse(.unlisted("evil.example:8080"))
        )
        #expect(try decide("GET /tools") == .answer)
    }

    @Test("room for more comes back evenly, never beyond the limit, and not for a clock set back")
    func rate() {
        var window = RateWindow(perMinute: 2)
        let moments: [Int] = [0, 0, 0, 30, 30, 20, 1000, 1000, 1000]

        let admitted = moments.map { window.admit(at: .seconds($0)) }

        #expect(admitted == [true, true, false, true, false, false, true, true, false])
    }

    @Test("headers of one connection, and whatever could carry or hide a secret, stay behind")
    func headers() {
        let given = [
            ("host", "a"), ("content-length", "1"), ("expect", "x"), ("connection", "close, X-Own"),
            ("x-own", "1"), ("te", "trailers"), ("authorization", "mine"),
            ("accept-encoding", "gzip"), ("accept", "*/*"),
        ].map { HTTPHeader($0.0, $0.1) }
        let said = [("content-length", "9"), ("x-echo", "Key abc"), ("etag", "1")]
            .map { HTTPHeader($0.0, $0.1) }

        func names(_ headers: [HTTPHeader]) -> [String] { headers.map(\.name) }
        let routed = PassedHeaders.request(given, credential: "authorization")
        let plain = PassedHeaders.request(given, credential: nil)

        #expect(names(routed) == ["accept"])
        #expect(names(plain) == ["authorization", "accept-encoding", "accept"])
        #expect(names(PassedHeaders.reply(said, secret: "abc")) == ["etag"])
        #expect(names(PassedHeaders.reply(said, secret: nil)) == ["x-echo", "etag"])
    }
}
