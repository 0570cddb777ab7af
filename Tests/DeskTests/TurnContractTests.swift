// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("The turn contract")
struct TurnContractTests {
    private func result(_ text: String, id: Int = 7) throws -> JSON {
        try TurnContract.result(of: Array(text.utf8), id: id, from: "researcher")
    }

    @Test("a request carries its method and parameters on one line")
    func request() throws {
        let time = try #require(Instant("2000-03-01T21:00:00Z"))
        let run = TurnContract.Run(turn: 12, time: time)

        let bytes = TurnContract.request(
            id: 7,
            method: TurnContract.runMethod,
            parameters: run.json
        )

        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":7,"method":"turn/run","#
                + #""params":{"turn":12,"time":"2000-03-01T21:00:00Z"}}"#
        )
        #expect(try TurnContract.Run(json: run.json) == run)
        #expect(throws: JSONError.self) { try TurnContract.Run(json: ["turn": 1, "time": "noon"]) }
    }

    @Test("a reply gives its result, also beside an error that is null")
    func reply() throws {
        let line = TurnContract.reply(id: 7, result: ["summary": "a\nb"])

        #expect(!line.contains(0x0A))
        #expect(try TurnContract.result(of: line, id: 7, from: "a") == ["summary": "a\nb"])
        #expect(try result(#"{"jsonrpc":"2.0","id":7,"result":null,"error":null}"#) == .null)
    }

    @Test("a failure gives its message, made safe")
    func failure() {
        let line = TurnContract.failure(id: 7, code: -32_000, message: "no\u{1B}[31m bars\nat all")

        let error = #expect(throws: DeskError.self) {
            try TurnContract.result(of: line, id: 7, from: "researcher")
        }

        #expect(error?.code == .contract)
        #expect(error?.description == "researcher: no [31m bars at all")
    }

    @Test(
        "a line that is no answer to the request is refused",
        arguments: [
            ("", "the answer is no JSON"), ("hello", "the answer is no JSON"),
            ("[]", "not a JSON-RPC 2.0 reply to request 7"),
            (#"{"jsonrpc":"2.0","id":8,"result":1}"#, "reply to request 7"),
            (#"{"jsonrpc":"2.0","id":"7","result":1}"#, "reply to request 7"),
            (#"{"jsonrpc":"1.0","id":7,"result":1}"#, "not a JSON-RPC 2.0"),
            (#"{"id":7,"result":1}"#, "not a JSON-RPC 2.0"),
            (#"{"jsonrpc":"2.0","id":7}"#, "the answer has no result"),
            (#"{"jsonrpc":"2.0","id":7,"error":"bad"}"#, #"researcher: "bad""#),
        ]
    )
    func mismatches(line: String, message: String) {
        let error = #expect(throws: DeskError.self) { try result(line) }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test(
        "a summary becomes one printable line of bounded length",
        arguments: [
            ("plain", "plain"), ("  a \n\r\n b\t", "a b"), ("a\u{202E}b\u{0}c", "a b c"),
            ("a\u{2028}b", "a b"),
            ("a\u{A0}b", "a b"), ("", "no summary"), ("\n\u{200B}", "no summary"),
            ("é 日本 😀", "é 日本 😀"),
            (String(repeating: "x", count: 121), String(repeating: "x", count: 120)),
            (String(repeating: "x", count: 119) + " y", String(repeating: "x", count: 119)),
        ]
    )
    func summaries(text: String, expected: String) {
        #expect(TurnContract.sanitised(summary: text) == expected)
    }

    @Test("one character made of many marks does not escape the limit")
    func marks() {
        let text = TurnContract.sanitised(
            summary: "e" + String(repeating: "\u{301}", count: 100_000)
        )

        #expect(text.unicodeScalars.count == TurnContract.summaryLimit)
    }

    @Test("the context of an agent reads back, with and without a gateway")
    func context() throws {
        for descriptor in [nil, 5] {
            let context = AgentContext(
                agent: try #require(AgentName("a")),
                role: .executor,
                skills: ["x", "y"],
                settings: ["n": 1],
                configuration: "version: 1\n",
                dataFolder: "/d",
                marketFolder: "/m",
                gatewayDescriptor: descriptor,
                beatMilliseconds: descriptor ?? 0
            )
            #expect(try AgentContext(json: context.json) == context)
        }
    }

    @Test(
        "a context with a wrong member is refused by name",
        arguments: [
            ("agent", "A B", "agent/start.agent: found 'A B'"),
            ("role", "boss", "agent/start.role: found 'boss'"),
            ("skills", "x", "agent/start.skills: expected a list"),
            ("settings", .null, "'settings' is missing"),
            ("gatewayDescriptor", "5", "agent/start.gatewayDescriptor: expected a whole number"),
            ("beatMilliseconds", -1, "agent/start.beatMilliseconds: found -1"),
            ("beatMilliseconds", 86_400_001, "agent/start.beatMilliseconds: found 86400001"),
        ] as [(String, JSON, String)]
    )
    func wrongContext(name: String, value: JSON, message: String) throws {
        let good: [JSON.Member] = [
            .init("agent", "a"), .init("role", "risk"), .init("skills", []), .init("settings", [:]),
            .init("configuration", ""), .init("dataFolder", ""), .init("marketFolder", ""),
        ]
        let members = good.filter { $0.name != name } + [.init(name, value)]

        let error = #expect(throws: JSONError.self) { try AgentContext(json: .object(members)) }

        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
}
