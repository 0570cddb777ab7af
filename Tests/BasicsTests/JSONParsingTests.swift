// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Reading JSON")
struct JSONParsingTests {
    @Test(
        "values of every kind are read",
        arguments: [
            ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12),
            ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
            ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("1.0", .double(1)),
            ("1e2", .double(100)), ("1E+2", .double(100)), ("25e-2", .double(0.25)),
            ("-0.0", .double(-0.0)), ("5e-324", .double(.leastNonzeroMagnitude)),
            ("1e-999", .double(0)),
            ("\"\"", ""), ("[]", []), ("{}", [:]), ("[1,[2,[]]]", [1, [2, []]]),
            ("{\"b\":1,\"a\":{\"c\":null}}", ["b": 1, "a": ["c": .null]]),
            ("\r\n\t[ 1 , 2 ]\n", [1, 2]), ("\"\u{7F}é日\"", "\u{7F}é日"),
        ] as [(String, JSON)]
    )
    func values(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        "escapes are resolved",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"),
            (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\0"), (#""\uffff""#, "\u{FFFF}"),
            (#""\udbff\udfff""#, "\u{10FFFF}"),
        ]
    )
    func escapes(text: String, value: String) throws {
        #expect(try JSON(parsing: text) == .string(value))
    }

    @Test(
        "every fault is named with its line and column",
        arguments: [
            ("", 1, 1, "the text ends where a value should be"),
            ("[1,\n", 2, 1, "the text ends where a value should be"),
            ("[1,]", 1, 4, "expected a value"), ("{,}", 1, 2, "expected a name in double quotes"),
            ("{\n  a: 1}", 2, 3, "expected a name in double quotes"),
            ("{\"a\" 1}", 1, 6, "expected ':'"), ("{\"a\":1 \"b\":2}", 1, 8, "expected ',' or '}'"),
            ("[1 2]", 1, 4, "expected ',' or ']'"), ("[1", 1, 3, "expected ',' or ']'"),
            ("tru", 1, 1, "expected a value"), ("nul", 1, 1, "expected a value"),
            ("fals", 1, 1, "expected a value"), ("+1", 1, 1, "expected a value"),
            ("'a'", 1, 1, "expected a value"), ("\u{FEFF}1", 1, 1, "expected a value"),
            ("1 2", 1, 3, "unexpected text after the value"),
            ("truex", 1, 5, "unexpected text after the value"),
            ("-", 1, 2, "expected a digit"), ("[\n-x]", 2, 2, "expected a digit"),
            ("01", 1, 1, "a number must not begin with 0"),
            ("-00", 1, 2, "a number must not begin with 0"),
            ("1.", 1, 3, "expected a digit after the point"),
            ("1.e1", 1, 3, "expected a digit after the point"),
            ("1e", 1, 3, "expected a digit in the exponent"),
            ("1e+", 1, 4, "expected a digit in the exponent"),
            ("[1, 1e999]", 1, 5, "the number 1e999 is out of range"),
            ("[\"abc", 1, 2, "the text is not closed"),
            ("\"\\", 1, 2, "the escape is not complete"),
            ("\"a\tb\"", 1, 3, "a control character must be escaped"),
            ("\"a\nb\"", 1, 3, "a control character must be escaped"),
            ("\"\\x\"", 1, 2, "unknown escape"),
            ("\"\\u12\"", 1, 4, "expected four hexadecimal digits"),
            ("\"\\u12g4\"", 1, 4, "expected four hexadecimal digits"),
            ("\"\\u+123\"", 1, 4, "expected four hexadecimal digits"),
            ("\"\\ud800\"", 1, 2, "half a surrogate pair"),
            ("\"a\\udc00\"", 1, 3, "half a surrogate pair"),
            ("\"\\ud800\\u0041\"", 1, 2, "half a surrogate pair"),
            ("\"\\ud800\\n\"", 1, 2, "half a surrogate pair"),
            ("{\"a\":1,\n \"a\":2}", 2, 2, "the name 'a' is given twice"),
            ("{\"a\":1,\"\\u0061\":2}", 1, 8, "the name 'a' is given twice"),
        ]
    )
    func faults(text: String, line: Int, column: Int, message: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }

        #expect(error?.message == message)
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.description == "line \(line), column \(column): \(message)")
    }

    @Test("a name twice is found among few members and among many", arguments: [1, 11, 12, 13, 40])
    func twice(count: Int) throws {
        let members = (0..<count).map { "\"name\($0)\":\($0)" }
        func object(_ more: [String]) -> String {
            "{" + (members + more).joined(separator: ",") + "}"
        }

        let value = try JSON(parsing: object([]))

        #expect(value.objectValue?.map(\.name) == (0..<count).map { "name\($0)" })
        for again in [0, count / 2, count - 1] {
            let error = #expect(throws: JSONError.self) {
                try JSON(parsing: object(["\"name\(again)\":0"]))
            }
            #expect(error?.message == "the name 'name\(again)' is given twice")
        }
    }

    @Test("a text with escapes at its ends and in the middle reads as what they stand for")
    func escapes() throws {
        #expect(try JSON(parsing: #""\"a\\b\u00e9\n""#) == "\"a\\b\u{E9}\n")
        #expect(try JSON(parsing: #""é\tü""#) == "é\tü")
        #expect(try JSON(parsing: #""""#) == "")
    }

    @Test(
        "bytes that are not UTF-8 are refused inside texts and outside",
        arguments: [
            ([0x22, 0xFF, 0x22], "the text is not UTF-8"),
            ([0x22, 0xC0, 0x80, 0x22], "the text is not UTF-8"),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], "the text is not UTF-8"), ([0xFF], "expected a value"),
        ] as [([UInt8], String)]
    )
    func encoding(bytes: [UInt8], message: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: bytes) }

        #expect(error?.message == message)
        #expect(error?.column == 1)
    }

    @Test("nesting is read to the limit and refused one level deeper", arguments: ["[]", "{}"])
    func nesting(brackets: String) throws {
        func nested(_ levels: Int) -> String {
            let isList = brackets == "[]"
            let open = String(repeating: isList ? "[" : "{\"a\":", count: levels - 1)
            return open + brackets + String(repeating: isList ? "]" : "}", count: levels - 1)
        }

        #expect(throws: Never.self) { try JSON(parsing: nested(JSON.deepestNesting)) }
        let error = #expect(throws: JSONError.self) {
            try JSON(parsing: nested(JSON.deepestNesting + 1))
        }
        #expect(error?.message == "nested deeper than 64 levels")
        #expect(throws: JSONError.self) {
            try JSON(parsing: String(repeating: "[", count: 1_000_000))
        }
    }

    @Test("many values side by side are not nesting")
    func wide() throws {
        let text = "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]"

        #expect(try JSON(parsing: text).arrayValue?.count == 1000)
    }

    @Test("50,000 damaged documents are refused or read back the same, and never crash")
    func fuzz() throws {
        let seed: UInt64 = 20_000_301
        var random = SeededRandom(seed: seed)
        let sources = [
            #"{"schema":1,"topic":"bars","body":{"bars":[{"open":1.5,"n":-2e-3}],"x":null}}"#,
            #"["\ud83d\ude00 \u00e9 \\ \" \n",true,false,[[[]]],{"a":{"b":[0,-1,9e9]}}]"#,
            "  {\"é\": \"日本\", \"k\" : [ 1 , 2 ] }\n",
        ].map { Array($0.utf8) }
        let pieces =
            Array("{}[]\",:\\u0123456789abcdefeE+-. \ntrufalsn\0".utf8) + [0x80, 0xC3, 0xFF]
        var counts = (read: 0, refused: 0)

        for _ in 0..<50_000 {
            var bytes = sources[Int(random.next(upperBound: 3 as UInt64))]
            for _ in 0...random.next(upperBound: 4 as UInt64) where !bytes.isEmpty {
                let place = Int(random.next(upperBound: UInt64(bytes.count)))
                let piece = pieces[Int(random.next(upperBound: UInt64(pieces.count)))]
                switch random.next(upperBound: 4 as UInt64) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(piece, at: place)
                case 2: bytes[place] = piece
                default: bytes.removeSubrange(place...)
                }
            }
            guard let value = try? JSON(parsing: bytes) else {
                counts.refused += 1
                continue
            }
            counts.read += 1
            #expect(try JSON(parsing: value.compactBytes) == value, "seed \(seed)")
        }

        #expect(counts.read > 1000 && counts.refused > 1000, "\(counts)")
    }
}
