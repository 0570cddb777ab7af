// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Testing

@Suite("The hosts and credentials of an agent")
struct EgressConfigurationTests {
    private let whole = """
        hosts: [API.example.com, "*.example.org:8443", "10.0.0.5", "[::1]:9000"]
        credentials:
          anthropic:
            url: https://api.anthropic.com/
            header: X-Api-Key
            secret: env:ANTHROPIC_API_KEY
            variable: ANTHROPIC_BASE_URL
          local:
            url: http://127.0.0.1:8080/v1
            header: authorization
            prefix: "Bearer "
            secret: file:keys/local
        """

    @Test("hosts and routes are read")
    func all() throws {
        let egress = try EgressConfiguration(parsing: whole)

        #expect(
            egress.hosts.map(\.description)
                == ["api.example.com", "*.example.org:8443", "10.0.0.5", "[::1]:9000"]
        )
        #expect(egress.routes.map(\.name) == ["anthropic", "local"])
        #expect(
            egress.routes.map(\.url) == ["https://api.anthropic.com", "http://127.0.0.1:8080/v1"]
        )
        #expect(egress.routes.map(\.host) == ["api.anthropic.com", "127.0.0.1"])
        #expect(egress.routes.map(\.port) == [443, 8080])
        #expect(egress.routes.map(\.header) == ["x-api-key", "authorization"])
        #expect(egress.routes.map(\.prefix) == ["", "Bearer "])
        #expect(
            egress.routes.map(\.secret) == [.environment("ANTHROPIC_API_KEY"), .file("keys/local")]
        )
        #expect(!egress.isEmpty && EgressConfiguration.none.isEmpty)
    }

    @Test(
        "a host is meant or not",
        arguments: [
            ("api.example.com", 443, true), ("API.Example.COM.", 443, true),
            ("api.example.com", 80, false), ("x.api.example.com", 443, false),
            ("example.org", 8443, false), ("a.example.org", 8443, true),
            ("a.b.example.org", 8443, true), ("aexample.org", 8443, false),
            (".example.org", 8443, false), ("a..example.org", 8443, false),
            ("10.0.0.5", 443, true), ("[::1]", 9000, true), ("0:0:0:0:0:0:0:1", 9000, true),
            ("10.0.5", 443, false), ("api.example.com\0.evil", 443, false), ("", 443, false),
        ]
    )
    func matches(host: String, port: Int, isMeant: Bool) throws {
        let egress = try EgressConfiguration(parsing: whole)

        #expect(egress.allows(host: host, port: port) == isMeant)
    }

    @Test("an address counts as named when it is written in a host or a route")
    func named() throws {
        let egress = try EgressConfiguration(parsing: whole)

        #expect(egress.names(address: "10.0.0.5") && egress.names(address: "127.0.0.1"))
        #expect(egress.names(address: "::1") && !egress.names(address: "127.0.0.2"))
        #expect(!egress.names(address: "api.example.com"))
    }

    @Test("an agent's programs are told of the way out")
    func environment() throws {
        let variables = try EgressConfiguration(parsing: whole).environment(port: 4000)

        #expect(variables.contains { $0 == ("HTTPS_PROXY", "http://127.0.0.1:4000") })
        #expect(
            variables.contains { $0 == ("ANTHROPIC_BASE_URL", "http://127.0.0.1:4000/anthropic") }
        )
        #expect(EgressConfiguration.none.environment(port: 4000).isEmpty)
    }

    @Test(
        "what is no host is refused with its line",
        arguments: [
            "localhost", "*", "*.com", "*.*.com", "a b", "a:0", "a:65536", "a:-1", "127.1",
            "0x7f.1",
            "::1", "[::1", "[x]", "https://a.com", "a.com/x", "-a.com", "a..com", "", "ä.com",
        ]
    )
    func noHost(text: String) {
        let error = #expect(throws: DeskError.self) {
            _ = try EgressConfiguration(parsing: "hosts:\n  - \"\(text)\"")
        }

        #expect(error?.problems.first?.line == 2)
    }

    @Test(
        "what is wrong with a route is said",
        arguments: [
            ("url: https://a.com", "url: http://a.com", "credentials.r.url: found"),
            ("url: https://a.com", "url: https://u:p@a.com", "credentials.r.url: found"),
            ("url: https://a.com", "url: https://a.com/?k=v", "credentials.r.url: found"),
            ("url: https://a.com", "url: https://a.com/../b", "credentials.r.url: found"),
            ("url: https://a.com", "url: http://10.0.0.1", "credentials.r.url: found"),
            ("header: x-key", "header: Host", "credentials.r.header: found"),
            ("header: x-key", "header: \"a b\"", "credentials.r.header: found"),
            ("secret: env:KEY", "secret: sk-ant-1234", "credentials.r.secret: found"),
            ("secret: env:KEY", "secret: \"env:\"", "credentials.r.secret: found"),
            ("secret: env:KEY", "prefix: x", "credentials.r.secret: missing"),
            ("secret: env:KEY", "secret: env:KEY\n    variable: 1A", "credentials.r.variable"),
            ("secret: env:KEY", "secret: env:KEY\n    prefix: \"a\\n\"", "credentials.r.prefix"),
            ("secret: env:KEY", "secret: env:KEY\n    other: 1", "unknown key"),
            ("  r:", "  R/:", "not a name"),
        ]
    )
    func noRoute(part: String, wrong: String, message: String) {
        let right =
            "credentials:\n  r:\n    url: https://a.com\n    header: x-key\n    secret: env:KEY"
        let error = #expect(throws: DeskError.self) {
            _ = try EgressConfiguration(parsing: right.replacing(part, with: wrong))
        }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test("a fault does not repeat the secret that somebody wrote by mistake")
    func pasted() {
        let secret = "sk-ant-api03-0123456789abcdef"
        let text = "credentials:\n  r: {url: https://a.com, header: x-key, secret: \(secret)}"
        let error = #expect(throws: DeskError.self) { _ = try EgressConfiguration(parsing: text) }

        #expect(error.map { !"\($0)".contains(secret) } == true)
    }

    @Test("more entries than the limit are refused")
    func tooMany() {
        let hosts = (0..<65).map { "h\($0).example.com" }.joined(separator: ", ")

        #expect(throws: DeskError.self) {
            _ = try EgressConfiguration(parsing: "hosts: [\(hosts)]")
        }
    }
}
