// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Signs of life in the contract")
struct BeatTests {
    @Test("a beat is a notification without parameters")
    func beat() throws {
        let text = String(decoding: TurnContract.beat, as: UTF8.self)

        #expect(text == #"{"jsonrpc":"2.0","method":"agent/beat"}"#)
        #expect(TurnContract.notification(of: TurnContract.beat) == "agent/beat")
    }

    @Test(
        "a method without an id is a notification in any writing",
        arguments: [
            (#"{ "method": "agent/beat", "jsonrpc": "2.0" }"#, "agent/beat"),
            (#"{"jsonrpc":"2.0","method":"x","params":{"a":1}}"#, "x"),
        ]
    )
    func notifications(line: String, method: String) {
        #expect(TurnContract.notification(of: Array(line.utf8)) == method)
    }

    @Test(
        "answers, requests and noise are none",
        arguments: [
            "", "{", "7", #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"agent/beat"}"#,
            #"{"jsonrpc":"2.0","id":null,"method":"agent/beat"}"#, #"{"method":"agent/beat"}"#,
            #"{"jsonrpc":"2.0","method":7}"#,
        ]
    )
    func others(line: String) {
        #expect(TurnContract.notification(of: Array(line.utf8)) == nil)
    }

    @Test("a notification over the limit is not looked at")
    func limit() {
        func line(_ length: Int) -> [UInt8] {
            let frame = #"{"jsonrpc":"2.0","method":""}"#
            let method = String(repeating: "m", count: length - frame.utf8.count)
            return Array(frame.replacing(#""""#, with: "\"\(method)\"").utf8)
        }

        #expect(TurnContract.notification(of: line(1024)) != nil)
        #expect(TurnContract.notification(of: line(1025)) == nil)
    }
}
