// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions
import Testing

/// The types, and how values come in from JSON.
@Suite("Specification: types and values")
struct SpecificationValueTests {
    @Test(
        "every value has a type, and the type's name is a value",
        arguments: [
            ("1", "int"), ("1u", "uint"), ("1.0", "double"), ("true", "bool"), ("'a'", "string"),
            ("b'a'", "bytes"), ("[1]", "list"), ("{1: 2}", "map"), ("null", "null_type"),
            ("int", "type"), ("type(1)", "type"), ("type(type(1))", "type"),
            ("timestamp(0)", "google.protobuf.Timestamp"),
            ("duration('1s')", "google.protobuf.Duration"),
        ] as [(String, String)]
    )
    func types(source: String, name: String) {
        #expect(evaluate("type(\(source))") == name)
        #expect(evaluate("type(\(source)) == \(name)") == "true")
        #expect(evaluate("type(\(source)) != \(name)") == "false")
        #expect(evaluate("type(\(name)) == type") == "true")
    }

    @Test(
        "each type has its range",
        arguments: [
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775807 + 1", "overflow"),
            ("18446744073709551615u", "18446744073709551615u"), ("0u", "0u"),
            ("0u - 1u", "overflow"),
            ("0.1 + 0.2", "0.30000000000000004"), ("1e308 * 10.0", "double(\"Infinity\")"),
            ("'\\U0010FFFF'.size()", "1"), ("'\\u0000'.size()", "1"), ("size('é')", "1"),
            ("size(b'é')", "2"), ("b'\\xff\\x00'", "b\"\\xff\\x00\""), ("null == null", "true"),
        ] as [Row]
    )
    func ranges(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "keys are int, uint, bool and string",
        arguments: [
            ("{1: 'a'}[1]", "\"a\""), ("{1u: 'a'}[1u]", "\"a\""), ("{true: 'a'}[true]", "\"a\""),
            ("{'k': 'a'}['k']", "\"a\""), ("{1: 'a', true: 'b', 'k': 'c', 2u: 'd'}.size()", "4"),
            ("{1.0: 'a'}", "noMatchingOverload"), ("{null: 'a'}", "noMatchingOverload"),
            ("{b'k': 'a'}", "noMatchingOverload"), ("{[1]: 'a'}", "noMatchingOverload"),
            ("{{}: 'a'}", "noMatchingOverload"), ("{int: 'a'}", "noMatchingOverload"),
            ("{timestamp(0): 'a'}", "noMatchingOverload"),
            ("{duration('1s'): 'a'}", "noMatchingOverload"),
        ] as [Row]
    )
    func keys(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    @Test(
        "elements and values may be of different types",
        arguments: [
            ("[1, 2u, 3.0, 'a', b'b', true, null, [], {}].size()", "9"),
            ("[1, 'a'][1]", "\"a\""), ("{'a': 1, 'b': 'c'}.b", "\"c\""),
            ("[[1], ['a', [null]]][1][1]", "[null]"),
            ("[1, 2u, 3.0, 'a'].map(x, type(x))", "[int, uint, double, string]"),
        ] as [Row]
    )
    func mixtures(row: Row) {
        #expect(evaluate(row.source) == row.result, "\(row.source)")
    }

    /// The value of an expression whose names are the members of a JSON object.
    private func value(_ source: String, of json: String) throws -> String {
        evaluate(source, try Bindings(json: Array(json.utf8)))
    }

    @Test(
        "plain JSON stands for the obvious types",
        arguments: [
            ("null", "null_type"), ("true", "bool"), ("\"a\"", "string"), ("[1, \"a\"]", "list"),
            ("{\"a\": 1}", "map"), ("1", "int"), ("-1", "int"), ("9223372036854775807", "int"),
            ("-9223372036854775808", "int"), ("9223372036854775808", "double"), ("1.0", "double"),
            ("1e3", "double"), ("1E0", "double"), ("-0.0", "double"),
        ] as [(String, String)]
    )
    func plain(json: String, type: String) throws {
        #expect(try value("type(x)", of: "{\"x\": \(json)}") == type)
    }

    @Test("the choice between int and double shows in arithmetic and not in comparisons")
    func choice() throws {
        let json = #"{"n": 4, "d": 4.0}"#

        #expect(try value("n % 2", of: json) == "0")
        #expect(try value("d % 2", of: json) == "noMatchingOverload")
        #expect(try value("d * 0.5", of: json) == "2.0")
        #expect(try value("n * 0.5", of: json) == "noMatchingOverload")
        #expect(try value("double(n) * 0.5", of: json) == "2.0")
        #expect(
            try value("[n == 4.0, d == 4, n > 3.5, d > 3, n == d]", of: json)
                == "[true, true, true, true, true]"
        )
    }

    @Test(
        "a tagged object stands for a value of any type",
        arguments: [
            (#"{"int":"-5"}"#, "-5"), (#"{"int":5}"#, "5"), (#"{"uint":"5"}"#, "5u"),
            (#"{"uint":5}"#, "5u"), (#"{"uint":"18446744073709551615"}"#, "18446744073709551615u"),
            (#"{"double":1.5}"#, "1.5"), (#"{"double":2}"#, "2.0"), (#"{"double":"-0.0"}"#, "-0.0"),
            (#"{"double":"1e3"}"#, "1000.0"), (#"{"double":"inf"}"#, "double(\"Infinity\")"),
            (#"{"double":-0.0}"#, "-0.0"),
            (#"{"double":"NaN"}"#, "double(\"NaN\")"),
            (#"{"double":"Infinity"}"#, "double(\"Infinity\")"),
            (#"{"double":"-Infinity"}"#, "double(\"-Infinity\")"), (#"{"bool":true}"#, "true"),
            (#"{"string":"a"}"#, "\"a\""), (#"{"bytes":"/wA="}"#, "b\"\\xff\\x00\""),
            (#"{"null":null}"#, "null"), (#"{"list":[{"uint":"1"},2]}"#, "[1u, 2]"),
            (#"{"map":[[{"uint":"1"},{"bytes":"YQ=="}],[true,null]]}"#, "{1u: b\"a\", true: null}"),
            (#"{"timestamp":"2009-02-13T23:31:30.5Z"}"#, "timestamp(\"2009-02-13T23:31:30.5Z\")"),
            (#"{"timestamp":"2009-02-13T23:31:30+01:00"}"#, "timestamp(\"2009-02-13T22:31:30Z\")"),
            (#"{"duration":"3.5s"}"#, "duration(\"3.5s\")"),
            (#"{"duration":"-0.000000001s"}"#, "duration(\"-0.000000001s\")"),
            (#"{"type":"int"}"#, "int"),
            (#"{"type":"google.protobuf.Duration"}"#, "google.protobuf.Duration"),
            (#"{"list":[{"map":[["k",{"list":[]}]]}]}"#, "[{\"k\": []}]"),
        ] as [(String, String)]
    )
    func tagged(json: String, literal: String) throws {
        #expect(try value("x", of: "{\"x\": \(json)}") == literal)
        #expect(try value("x[0]", of: "{\"x\": [\(json)]}") == literal)
        #expect(try value("x.y", of: "{\"x\": {\"y\": \(json), \"z\": 1}}") == literal)
    }

    @Test(
        "an object that only looks tagged is a map",
        arguments: [
            #"{"int":"5","b":1}"#, #"{"int":"x"}"#, #"{"uint":"-1"}"#, #"{"double":"many"}"#,
            #"{"bool":"true"}"#, #"{"bytes":"!"}"#, #"{"list":1}"#, #"{"map":[[1]]}"#,
            #"{"timestamp":"soon"}"#, #"{"duration":"1d"}"#, #"{"type":"long"}"#, #"{"Int":"5"}"#,
        ]
    )
    func maps(json: String) throws {
        #expect(try value("type(x)", of: "{\"x\": \(json)}") == "map")
    }
}
