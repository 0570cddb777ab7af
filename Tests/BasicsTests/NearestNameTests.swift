// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("The nearest name")
struct NearestNameTests {
    static let names = ["enter", "exit", "features", "parameters", "size", "stop", "rsi"]

    @Test(
        "one or few letters away are near",
        arguments: [
            ("entr", "enter"), ("entre", "enter"), ("Exit", "exit"), ("paramters", "parameters"),
            ("fetures", "features"), ("stopp", "stop"), ("rsI", "rsi"), ("size", "size"),
        ]
    )
    func near(_ name: String, _ expected: String) {
        #expect(NearestName(to: name, among: Self.names).name == expected)
    }

    @Test("what is far away has none", arguments: ["", "x", "colour", "leverage", "in"])
    func far(_ name: String) {
        #expect(NearestName(to: name, among: Self.names).name == nil)
    }

    @Test("a very long name is near none and costs nothing")
    func long() {
        #expect(
            NearestName(to: String(repeating: "e", count: 1_000_000), among: Self.names).name == nil
        )
    }
}
