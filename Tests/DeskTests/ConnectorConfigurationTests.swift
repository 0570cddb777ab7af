// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Testing

@Suite("Connectors in orchestrator.yml")
struct ConnectorConfigurationTests {
    @Test("programs and addresses are read, with what they need to know")
    func whole() throws {
        let connectors = try ConnectorConfiguration.parse(
            """
            connectors:
              slack:
                url: https://mcp.example.com/mcp
                secret: env:SLACK_TOKEN
                timeout: 10s
              clock:
                command: [mcp-server-time, --local-timezone, UTC]
                environment:
                  HOME: /srv/clock
                  TOKEN: file:keys/clock
                tools: [get_current_time]
                message_limit: 1MiB
            """
        )

        #expect(connectors.map(\.name) == ["clock", "slack"])
        #expect(
            connectors[0].way
                == .program(
                    ["mcp-server-time", "--local-timezone", "UTC"],
                    environment: [
                        .init(name: "HOME", value: .plain("/srv/clock")),
                        .init(name: "TOKEN", value: .secret(.file("keys/clock"))),
                    ]
                )
        )
        #expect(connectors[0].tools == ["get_current_time"])
        #expect(connectors[0].messageLimit.bytes == 1 << 20)
        #expect(
            connectors[1].way
                == .address(
                    "https://mcp.example.com/mcp",
                    .init(
                        header: "authorization",
                        prefix: "Bearer ",
                        secret: .environment("SLACK_TOKEN")
                    )
                )
        )
        #expect(connectors[1].tools == nil)
        #expect(connectors[1].timeout.milliseconds == 10_000)
    }

    @Test("no connectors are none")
    func absent() throws {
        #expect(try ConnectorConfiguration.parse("name: x").isEmpty)
    }

    @Test("what is wrong is said with its place", arguments: Self.faults)
    func fault(text: String, words: String) {
        let error = #expect(throws: DeskError.self) {
            try ConnectorConfiguration.parse("connectors:\n  x: {\(text)}")
        }

        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    static let faults = [
        ("", "expected either command"), ("command: [a], url: 'https://a.b'", "expected either"),
        ("command: []", "command: empty"), ("url: 'http://example.com/mcp'", "url: found"),
        ("url: 'https://a.b/?q=1'", "url: found"),
        ("url: 'https://a.b', secret: hunter2", "connectors.x.secret: found something else"),
        ("url: 'https://a.b', environment: {A: b}", "goes with command only"),
        ("command: [a], secret: env:A", "goes with url only"),
        ("command: [a], environment: {1A: b}", "connectors.x.environment.1A: expected"),
        ("command: [a], message_limit: 1", "message_limit: found '1'"),
        ("command: [a], timeout: soon", "timeout: found 'soon'"),
        ("command: [a], colour: red", "connectors.x.colour: unknown key"),
        ("command: [a], tools: [b, b]", "found 'b' twice"),
    ]

    @Test("a name that could lead out of a folder is none", arguments: ["../x", "X", "a b", "a.b"])
    func name(name: String) {
        let error = #expect(throws: DeskError.self) {
            try ConnectorConfiguration.parse("connectors:\n  '\(name)': {command: [a]}")
        }

        #expect(error?.description.contains("not a name") == true)
    }

    @Test("an agent may only name connectors that there are")
    func use() throws {
        let allowed = DefaultDesk.replacing(
            "    role: researcher\n",
            with: "    role: researcher\n    connectors: [clock]\n"
        )

        let known = try DeskConfiguration(
            parsing: allowed + "\nconnectors: {clock: {command: [a]}}\n"
        )
        let error = #expect(throws: DeskError.self) { try DeskConfiguration(parsing: allowed) }

        #expect(known.agents.contains { $0.connectors == ["clock"] })
        #expect(error?.description.contains("no connector 'clock'; there are none") == true)
    }
}
