// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

@Suite("Values in JSON")
struct InterchangeTests {
    /// The literal form of the only member `x`, or the error.
    private func read(_ json: String) -> String {
        do throws(ExpressionError) {
            return try Bindings(json: Array(#"{"x": \#(json)}"#.utf8))["x"]?.description ?? "none"
        } catch {
            return error.code == .malformedInput ? error.description : "another error"
        }
    }

    private func tagged(_ value: Value) -> String {
        var octets: [UInt8] = []
        value.appendTagged(to: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    @Test(
        "every type has its tag, and comes back",
        arguments: [
            ("null", #"{"null":null}"#), ("true", #"{"bool":true}"#), ("false", #"{"bool":false}"#),
            ("-7", #"{"int":"-7"}"#), ("7u", #"{"uint":"7"}"#), ("1.5", #"{"double":1.5}"#),
            ("-9223372036854775808", #"{"int":"-9223372036854775808"}"#),
            ("18446744073709551615u", #"{"uint":"18446744073709551615"}"#),
            ("2.0", #"{"double":2.0}"#), ("1e300", #"{"double":1e+300}"#),
            ("double('NaN')", #"{"double":"NaN"}"#), ("-0.0", #"{"double":-0.0}"#),
            ("1.0 / 0.0", #"{"double":"Infinity"}"#), ("-1.0 / 0.0", #"{"double":"-Infinity"}"#),
            (#""a\"\\\n\r\t\x01é☃""#, #"{"string":"a\"\\\n\r\t\u0001é☃"}"#),
            (#""\x7f""#, #"{"string":"\u007f"}"#),
            ("b''", #"{"bytes":""}"#), (#"b"\xff""#, #"{"bytes":"/w=="}"#),
            ("b'ab'", #"{"bytes":"YWI="}"#), ("b'abc'", #"{"bytes":"YWJj"}"#),
            ("[]", #"{"list":[]}"#), ("[1, 'a']", #"{"list":[{"int":"1"},{"string":"a"}]}"#),
            ("{}", #"{"map":[]}"#),
            (
                "{1: true, 'a': []}",
                #"{"map":[[{"int":"1"},{"bool":true}],[{"string":"a"},{"list":[]}]]}"#
            ),
            ("timestamp(1234567890)", #"{"timestamp":"2009-02-13T23:31:30Z"}"#),
            ("duration('3.5s')", #"{"duration":"3.5s"}"#), ("int", #"{"type":"int"}"#),
            ("type(type(1))", #"{"type":"type"}"#),
            ("type(timestamp(0))", #"{"type":"google.protobuf.Timestamp"}"#),
        ] as [(String, String)]
    )
    func roundTrip(source: String, json: String) throws {
        let value = try Expression(parsing: source).value(in: [:])

        #expect(tagged(value) == json)
        #expect(read(json) == value.description)
    }

    @Test(
        "plain JSON becomes the obvious types",
        arguments: [
            ("null", "null"), ("true", "true"), ("1", "1"), ("-0", "0"), ("1.0", "1.0"),
            ("1e2", "100.0"), ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775808", "9.223372036854776e+18"), (#""a""#, #""a""#),
            (#""\u00e9\ud83d\ude00\/\b\f""#, #""é😀/\x08\x0c""#), ("[1, 2.5]", "[1, 2.5]"),
            (#"{"a": 1, "b": [null]}"#, #"{"a": 1, "b": [null]}"#), ("{}", "{}"),
        ] as [(String, String)]
    )
    func plain(json: String, expected: String) {
        #expect(read(json) == expected)
    }

    @Test(
        "an object is tagged only if its one name and its payload fit",
        arguments: [
            (#"{"int": 5}"#, "5"), (#"{"uint": 5}"#, "5u"), (#"{"double": 5}"#, "5.0"),
            (#"{"int": "5", "x": 1}"#, #"{"int": "5", "x": 1}"#),
            (#"{"int": "x"}"#, #"{"int": "x"}"#),
            (#"{"int": 1.5}"#, #"{"int": 1.5}"#), (#"{"uint": -1}"#, #"{"uint": -1}"#),
            (#"{"int": {"string": "5"}}"#, #"{"int": "5"}"#), (#"{"bool": 1}"#, #"{"bool": 1}"#),
            (#"{"list": {"list": [1]}}"#, #"{"list": [1]}"#), (#"{"list": [{"int": "1"}]}"#, "[1]"),
            (#"{"map": [["a", 1]]}"#, #"{"a": 1}"#),
            (#"{"map": [[1.5, 1]]}"#, #"{"map": [[1.5, 1]]}"#),
            (#"{"map": [[1, 2], [1, 3]]}"#, #"{"map": [[1, 2], [1, 3]]}"#),
            (#"{"map": [[1]]}"#, #"{"map": [[1]]}"#), (#"{"map": 1}"#, #"{"map": 1}"#),
            (#"{"bytes": "YQ"}"#, #"{"bytes": "YQ"}"#),
            (#"{"bytes": "Y==="}"#, #"{"bytes": "Y==="}"#),
            (#"{"bytes": "YR=="}"#, #"{"bytes": "YR=="}"#),
            (#"{"bytes": "Y*Q="}"#, #"{"bytes": "Y*Q="}"#),
            (#"{"type": "long"}"#, #"{"type": "long"}"#), (#"{"null": 0}"#, #"{"null": 0}"#),
            (#"{"timestamp": "2024"}"#, #"{"timestamp": "2024"}"#),
            (#"{"duration": "1 s"}"#, #"{"duration": "1 s"}"#),
            (#"{"Int": "1"}"#, #"{"Int": "1"}"#),
            (#"[{"uint": "1"}, {"a": {"duration": "1s"}}]"#, #"[1u, {"a": duration("1s")}]"#),
        ] as [(String, String)]
    )
    func ambiguity(json: String, expected: String) {
        #expect(read(json) == expected)
    }

    @Test(
        "malformed JSON is an error with its place",
        arguments: [
            ("", "line 1, column 7: expected a value"),
            ("tru", "line 1, column 7: expected a value"),
            ("01", "line 1, column 7: malformed number"), ("1.", "malformed number"),
            ("-", "malformed number"), ("1e", "malformed number"), ("1e999", "out of range"),
            ("[1", "expected ',' or ']'"), ("[1,]", "expected a value"),
            (#""a"#, "no closing quote"),
            (#""\q""#, "malformed escape"), (#""\ud800""#, "surrogate"), (#""\u12g4""#, "escape"),
            (#""\udc00\ud800""#, "surrogate"), ("\"a\u{01}\"", "control character"),
            (#"{"a" 1}"#, "expected ':'"), (#"{a: 1}"#, "expected a name"),
            (#"{"a": 1, "a": 2}"#, "'a' is given twice"), (#"{"a": 1 "b"}"#, "expected ',' or '}'"),
            ("1} x", "unexpected text"), ("1, \"x\": 2", "'x' is given twice"),
            (String(repeating: "[", count: 200), "nested deeper than 128"),
            (String(repeating: "{\"a\":", count: 100_000), "nested deeper than 128"),
        ] as [(String, String)]
    )
    func malformed(json: String, words: String) {
        #expect(read(json).contains(words), "\(read(json))")
    }

    @Test("what is no object, or no UTF-8, is refused")
    func octets() {
        #expect(throws: ExpressionError.self) { try Bindings(json: Array("[1]".utf8)) }
        #expect(throws: ExpressionError.self) { try Bindings(json: []) }
        #expect(throws: ExpressionError.self) {
            try Bindings(json: Array(#"{"a": ""#.utf8) + [0xFF, 0x22, 0x7D])
        }
        #expect(throws: ExpressionError.self) {
            try Bindings(json: Array(#"{"a\n"#.utf8) + [0xC3, 0x22, 0x7D])
        }
    }
}
