// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP
import TestSupport
import Testing

@Suite("Addresses and redirects", .timeLimit(.minutes(1)))
struct AddressTests {
    @Test(
        "an address is public or not",
        arguments: [
            ("8.8.8.8", true), ("1.1.1.1", true), ("172.32.0.1", true), ("100.128.0.1", true),
            ("0.0.0.0", false), ("10.1.2.3", false), ("127.0.0.1", false), ("127.9.9.9", false),
            ("169.254.169.254", false), ("172.16.0.1", false), ("172.31.255.255", false),
            ("192.168.1.1", false), ("100.64.0.1", false), ("192.0.2.1", false),
            ("198.18.0.1", false), ("224.0.0.1", false), ("255.255.255.255", false),
            ("2606:4700::1111", true), ("2a00:1450::1", true), ("::ffff:8.8.8.8", true),
            ("64:ff9b::8.8.8.8", true), ("2002:808:808::1", true),
            ("::1", false), ("::", false), ("fe80::1", false), ("fc00::1", false),
            ("fd12::1", false), ("ff02::1", false), ("::ffff:127.0.0.1", false),
            ("::ffff:10.0.0.1", false), ("::127.0.0.1", false), ("64:ff9b::10.0.0.1", false),
            ("2002:a00:1::1", false), ("2001:db8::1", false), ("2001::1", false),
            ("3fff::1", false),
        ]
    )
    func isPublic(text: String, isPublic: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == isPublic)
    }

    @Test(
        "only the full numeric form is an address",
        arguments: [
            "", "127.1", "0x7f000001", "2130706433", "localhost", "[::1]", "1.2.3.4.5", ":1",
        ]
    )
    func noAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("a name that leads to a private address is not connected to unless that is allowed")
    func rebinding() async throws {
        let server = ScriptedServer { peer in
            peer.hearRequest()
            peer.say(Peer.reply(200, "x"))
        }
        let ask = { (address: String, rule: AddressRule) async throws -> HTTPError.Code? in
            let client = try server.client { $0.known = ["api.example.com:80:\(address)"] }
            let request = HTTPRequest(
                "GET",
                "http://api.example.com/",
                allowsPlainText: true,
                addresses: rule
            )
            do throws(HTTPError) {
                _ = try await client.open(request)
                return nil
            } catch {
                return error.code
            }
        }
        let named = try #require(IPAddress("10.0.0.7"))

        #expect(try await ask("10.0.0.7", .publicOr([])) == .addressRefused)
        #expect(try await ask("[::1]", .publicOr([named])) == .addressRefused)
        #expect(server.dialled.isEmpty)
        #expect(try await ask("10.0.0.7", .publicOr([named])) == nil)
        #expect(try await ask("93.184.216.34", .publicOr([])) == nil)
        #expect(try await ask("10.0.0.8", .any) == nil)
        #expect(server.dialled == ["10.0.0.7:80", "93.184.216.34:80", "10.0.0.8:80"])
    }

    @Test("through a proxy no rule about addresses can be kept, so the request is refused")
    func ruleAndProxy() async throws {
        let server = ScriptedServer { _ in }
        let client = try server.client { $0.proxy = "http://127.0.0.1:1" }
        let request = HTTPRequest("GET", "https://api.example.com/", addresses: .publicOr([]))

        let error = await #expect(throws: HTTPError.self) { _ = try await client.open(request) }

        #expect(error?.code == .invalidRequest && server.dialled.isEmpty)
    }

    private func redirecting(
        to location: String,
        status: Int = 302,
        _ request: HTTPRequest
    ) async throws -> (status: Int?, code: HTTPError.Code?, second: String, dialled: [String]) {
        let server = ScriptedServer(
            { peer in
                peer.hearRequest()
                peer.say(
                    Peer.reply(
                        status,
                        "",
                        headers: "Location: \(location)\r\nConnection: close\r\n"
                    )
                )
            },
            { peer in peer.say(Peer.reply(200, peer.hearRequest())) }
        )
        let client = try server.client()
        do throws(HTTPError) {
            let answer = try await client.open(request)
            let body = String(decoding: try await answer.body.rest(), as: UTF8.self)
            return (answer.head.status, nil, body, server.dialled)
        } catch {
            return (nil, error.code, "", server.dialled)
        }
    }

    private func request(
        _ method: String = "GET",
        following count: Int = 1,
        key: String? = nil,
        body: [UInt8]? = nil
    ) -> HTTPRequest {
        HTTPRequest(
            method,
            "http://127.0.0.1:9/a/b?q=1",
            credentials: key.map { [HTTPHeader("x-api-key", $0)] } ?? [],
            body: body,
            redirects: count
        )
    }

    @Test("a redirect is a reply unless following was asked for")
    func notFollowed() async throws {
        let result = try await redirecting(to: "/c", request(following: 0))

        #expect(result.status == 302 && result.dialled.count == 1)
    }

    @Test("a redirect on the same host is followed, with credentials")
    func sameHost() async throws {
        let result = try await redirecting(to: "../c?r=2", request(key: "canary"))

        #expect(result.second.hasPrefix("GET /c?r=2 ") && result.second.contains("canary"))
    }

    @Test("no credential and no body reaches another host by a redirect")
    func otherHost() async throws {
        let other = "http://127.0.0.2:9/c"
        let withKey = try await redirecting(to: other, request(key: "canary"))
        let otherPort = try await redirecting(to: "http://127.0.0.1:10/c", request(key: "canary"))
        let withBody = try await redirecting(
            to: other,
            status: 307,
            request("POST", body: [1])
        )
        let plain = try await redirecting(to: other, request())

        #expect(withKey.code == .redirectRefused && withKey.dialled.count == 1)
        #expect(otherPort.code == .redirectRefused && withBody.code == .redirectRefused)
        #expect(plain.dialled == ["127.0.0.1:9", "127.0.0.2:9"] && plain.status == 200)
    }

    @Test("a redirect of a POST becomes a GET without body, but for 307 and 308")
    func methods() async throws {
        let seeOther = try await redirecting(to: "/c", status: 303, request("POST", body: [0x61]))
        let same = try await redirecting(to: "/c", status: 308, request("POST", body: [0x61]))

        #expect(seeOther.second.hasPrefix("GET /c ") && !seeOther.second.contains("Content-Length"))
        #expect(same.second.hasPrefix("POST /c ") && same.second.hasSuffix("\r\n\r\na"))
    }

    @Test(
        "a redirect that leads nowhere good is refused",
        arguments: [
            "ftp://127.0.0.1/", "http://", "http://user@127.0.0.1:9/", "file:///etc/passwd",
        ]
    )
    func badTarget(location: String) async throws {
        #expect(try await redirecting(to: location, request()).code == .redirectRefused)
    }

    @Test("redirects without end are followed as often as was asked for")
    func endless() async throws {
        let server = ScriptedServer { peer in
            while !peer.hearRequest().isEmpty {
                peer.say(Peer.reply(302, "", headers: "Location: /again\r\n"))
            }
        }

        let error = await #expect(throws: HTTPError.self) {
            _ = try await server.client().open(request(following: 5))
        }

        #expect(error?.code == .redirectRefused)
    }
}
