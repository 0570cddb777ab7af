// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Testing

@Suite("Messages")
struct MessageTests {
    @Test("a message reads back what it was written from", arguments: Self.messages)
    func roundTrip(message: Message) throws {
        let read = try Message(parsing: message.bytes)

        #expect(read == message)
        #expect(!message.bytes.contains(0x0A))
    }

    static let messages: [Message] = [
        .request(.number(7), method: "tools/list", params: ["cursor": ""]),
        .request(.text("a"), method: "ping", params: .object([])),
        .notice(method: "notifications/initialized", params: .object([])),
        .response(.number(-1), result: ["text": "two\nlines"]),
        .failure(nil, Fault(Fault.parseError, "no")),
        .failure(.text("x"), Fault(-32022, "no", data: ["supported": ["2026-07-28"]])),
    ]

    @Test("what is no message is refused with the code of JSON-RPC", arguments: Self.faults)
    func fault(text: String, code: Int) {
        let fault = #expect(throws: Fault.self) { try Message(parsing: text.utf8) }

        #expect(fault?.code == code)
    }

    static let faults: [(String, Int)] = [
        ("", Fault.parseError), ("{", Fault.parseError), ("\u{0}", Fault.parseError),
        (String(repeating: "[", count: 100_000), Fault.parseError),
        ("[1]", Fault.invalidRequest), ("{}", Fault.invalidRequest),
        (#"{"jsonrpc":"1.0","id":1,"method":"a"}"#, Fault.invalidRequest),
        (#"{"jsonrpc":"2.0","id":null,"method":"a"}"#, Fault.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, Fault.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"method":2}"#, Fault.invalidRequest),
        (#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1]}"#, Fault.invalidParameters),
        (#"{"jsonrpc":"2.0","id":1}"#, Fault.invalidRequest),
    ]

    @Test("a message of more values than the limit is refused")
    func manyValues() {
        let list = "[" + String(repeating: "1,", count: Message.valueLimit) + "1]"

        let fault = #expect(throws: Fault.self) {
            try Message(parsing: #"{"jsonrpc":"2.0","id":1,"result":\#(list)}"#.utf8)
        }

        #expect(fault?.message.contains("more values") == true)
    }
}
