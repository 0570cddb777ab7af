// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Batches of expressions")
struct BatchTests {
    private func answers(_ input: [UInt8], parts: Int = 1 << 20) -> [String] {
        var evaluator = BatchEvaluator()
        var output: [UInt8] = []
        for start in stride(from: 0, to: input.count, by: parts) {
            evaluator.take(input[start..<min(input.count, start + parts)], answers: &output)
        }
        evaluator.finish(answers: &output)
        #expect(output.isEmpty || output.last == 0x0A)
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func answers(_ lines: String...) -> [String] {
        answers(Array(lines.joined(separator: "\n").utf8))
    }

    @Test("each line has a value or an error, in order")
    func values() {
        let result = answers(
            #"{"expr": "1 + 2"}"#,
            #"{"expr": "x * 2.0", "bindings": {"x": 1.5}}"#,
            #"{"bindings": {"x": {"uint": "3"}, "y": {"uint": "4"}}, "expr": "x + y"}"#,
            #"{"expr": "1 +"}"#,
            #"{"expr": "nope"}"#,
            #"{"expr": "[1, 'a']", "id": 7, "bindings": null, "container": null}"#
        )

        #expect(
            result == [
                #"{"value":{"int":"3"}}"#, #"{"value":{"double":3.0}}"#, #"{"value":{"uint":"7"}}"#,
                #"{"error":"line 1, column 4: expected an operand, found the end"}"#,
                #"{"error":"line 1, column 1: unknown name 'nope'; there are none"}"#,
                #"{"value":{"list":[{"int":"1"},{"string":"a"}]}}"#,
            ]
        )
    }

    @Test(
        "a malformed line is named and the next one is read",
        arguments: [
            ("", "byte 1: expected an object"), ("{", "expected a name"),
            ("[]", "expected an object"),
            (#"{"expr": 1}"#, "byte 10: 'expr' is no string"),
            ("{}", "the member 'expr' is missing"),
            (#"{"expr": "1"} x"#, "byte 15: unexpected text"), ("nonsense", "expected an object"),
            (#"{"expr": "1", "expr": "2"}"#, "'expr' is given twice"),
            (#"{"expr": "1", "bindings": []}"#, "expected an object"),
            (#"{"expr": "1", "bindings": {"a": 1, "a": 2}}"#, "'a' is given twice"),
            (#"{"expr": "1", "bindings": {}, "bindings": {}}"#, "'bindings' is given twice"),
            (#"{"expr": "\ud800"}"#, "surrogate"),
            (#"{"expr": "1", "bindings": nul}"#, "expected a value"),
            (#"{"expr": null}"#, "no string"),
            (#"{"expr": "1", "container": 1}"#, "'container' is no string"),
            (#"{"expr": "1", "container": "a", "container": "b"}"#, "'container' is given twice"),
        ] as [(String, String)]
    )
    func malformed(line: String, words: String) {
        let result = answers(#"{"expr": "1"}"#, line, #"{"expr": "2"}"#)

        #expect(result.count == 3)
        #expect(result[1].hasPrefix(#"{"error":"input line 2, byte "#), "\(result[1])")
        #expect(result[1].contains(words), "\(result[1])")
        #expect(result[2] == #"{"value":{"int":"2"}}"#)
    }

    @Test("a container is where names are looked for first")
    func container() {
        let bindings = #""bindings": {"y": 1, "a.y": 2, "a.b.y": 3, "a.b.m.z": 4, "m": {"z": 5}}"#
        let result = answers(
            #"{"expr": "[y, .y, m.z, .m.z]", "container": "a.b", \#(bindings)}"#,
            #"{"expr": "[y, .y, m.z, .m.z]", "container": "a", \#(bindings)}"#,
            #"{"container": "a.c", "expr": "[0].map(y, y) + [y, .y]", \#(bindings)}"#,
            #"{"expr": "y", "container": "", \#(bindings)}"#
        )

        #expect(
            result == [
                #"{"value":{"list":[{"int":"3"},{"int":"1"},{"int":"4"},{"int":"5"}]}}"#,
                #"{"value":{"list":[{"int":"2"},{"int":"1"},{"int":"5"},{"int":"5"}]}}"#,
                #"{"value":{"list":[{"int":"0"},{"int":"2"},{"int":"1"}]}}"#,
                #"{"value":{"int":"1"}}"#,
            ]
        )
    }

    @Test("the parts of a stream may end anywhere", arguments: [1, 2, 7, 64])
    func parts(size: Int) {
        let input = Array(
            "{\"expr\": \"'é' + 'b'\"}\n\n{\"expr\": \"2\"}\r\n{\"expr\": \"3\"}".utf8
        )

        let result = answers(input, parts: size)

        #expect(
            result == [
                #"{"value":{"string":"éb"}}"#,
                #"{"error":"input line 2, byte 1: expected an object"}"#,
                #"{"value":{"int":"2"}}"#, #"{"value":{"int":"3"}}"#,
            ]
        )
    }

    @Test("octets that are not UTF-8 and octets of zero are refused in their line")
    func octets() {
        var input = Array("{\"expr\": \"'".utf8) + [0xFF]
        input += Array("'\"}\n{\"expr\": \"1\"}\n".utf8) + [0x00, 0x0A]

        let result = answers(input)

        #expect(result.count == 3)
        #expect(result[0].contains("input line 1, byte 10: a string is not UTF-8"))
        #expect(result[1] == #"{"value":{"int":"1"}}"#)
        #expect(result[2].contains("input line 3"))
    }

    @Test("a line beyond 16 MiB has an error and is passed over")
    func longLine() {
        let long = Array(repeating: UInt8(ascii: "x"), count: BatchEvaluator.longestLine + 1)
        let input =
            Array("{\"expr\": \"1\"}\n".utf8) + long + long + Array("\n{\"expr\": \"2\"}".utf8)

        let result = answers(input, parts: 3 << 20)

        #expect(
            result == [
                #"{"value":{"int":"1"}}"#,
                #"{"error":"input line 2: longer than 16777216 bytes"}"#,
                #"{"value":{"int":"2"}}"#,
            ]
        )
    }

    @Test("a long string is a value, and a long expression is over its limit")
    func longTexts() {
        let text = String(repeating: "a", count: 1_000_000)

        let result = answers(
            #"{"expr": "x.size()", "bindings": {"x": "\#(text)"}}"#,
            #"{"expr": "'\#(text)'"}"#,
            #"{"expr": "\#(String(repeating: "(", count: 8000))"}"#
        )

        #expect(result[0] == #"{"value":{"int":"1000000"}}"#)
        #expect(result[1].contains("longer than 8192 bytes"))
        #expect(result[2].contains("nests deeper than 64 levels"))
    }

    @Test("an expression that comes again with other bindings has another value")
    func repetition() {
        let lines = (0..<3000).map { #"{"expr": "x + \#($0 % 1500)", "bindings": {"x": \#($0)}}"# }

        let result = answers(Array(lines.joined(separator: "\n").utf8))

        let expected = (0..<3000).map { #"{"value":{"int":"\#($0 + $0 % 1500)"}}"# }
        #expect(result == expected)
    }
}
