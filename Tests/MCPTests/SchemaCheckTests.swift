// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Testing

@Suite("Checking values against schemas")
struct SchemaCheckTests {
    @Test("what conforms has no fault", arguments: Self.conforming)
    func conforms(schema: String, value: String) throws {
        let fault = SchemaCheck.fault(
            of: try JSON(parsing: value),
            in: try JSON(parsing: schema),
            named: "v"
        )

        #expect(fault == nil)
    }

    static let conforming = [
        (#"{"type":"object"}"#, "{}"), ("true", "1"), (#"{"type":"integer"}"#, "2.0"),
        (#"{"type":["string","null"]}"#, "null"), (#"{"const":1}"#, "1.0"),
        (##"{"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"minimum":1}}}"##, #"{"a":1}"#),
        (#"{"anyOf":[{"type":"string"},{"type":"number"}]}"#, "1"),
        (#"{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}"#, #"["a",1]"#),
        (#"{"enum":[{"a":1,"b":2}]}"#, #"{"b":2,"a":1}"#),
    ]

    @Test("what does not conform is named with its place", arguments: Self.breaking)
    func breaks(schema: String, value: String, words: String) throws {
        let fault = SchemaCheck.fault(
            of: try JSON(parsing: value),
            in: try JSON(parsing: schema),
            named: "v"
        )

        #expect(fault?.contains(words) == true, "\(fault ?? "no fault")")
    }

    static let breaking = [
        (#"{"type":"object","required":["a"]}"#, "{}", "v: 'a' is missing"),
        (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":1}"#, "v.a: expected string"),
        (#"{"properties":{"a":{}},"additionalProperties":false}"#, #"{"b":1}"#, "v.b: unknown"),
        (#"{"type":"array","items":{"maximum":3}}"#, "[1,4]", "v[1]: expected at most 3"),
        (#"{"enum":["a","b"]}"#, #""c""#, #"expected one of "a", "b""#),
        (#"{"type":"integer"}"#, "1.5", "expected integer"), ("false", "1", "must not be there"),
        (#"{"minLength":2}"#, #""a""#, "length of at least 2"),
        (#"{"oneOf":[{"type":"number"},{"type":"integer"}]}"#, "1", "fits 2 of 2"),
        (#"{"not":{"type":"number"}}"#, "1", "excludes"),
        (#"{"$ref":"https://example.com/x.json"}"#, "1", "another document"),
        (##"{"$ref":"#"}"##, "1", "too deep"),
        (#"{"const":"a"}"#, #""b""#, #"v: expected "a""#),
        (#"{"maxLength":1}"#, #""ab""#, "length of at most 1"),
        (#"{"maxItems":1}"#, "[1,2]", "length of at most 1"),
        (#"{"maxProperties":1}"#, #"{"a":1,"b":2}"#, "length of at most 1"),
        (#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1", "fits none of 2"),
    ]

    @Test("schemas are followed to the limit of depth and no deeper", arguments: [31, 32])
    func depth(levels: Int) throws {
        // Each list is two steps deeper: its elements, and where their schema is.
        let schema = ##"{"$ref":"#/$defs/n","$defs":{"n":{"items":{"$ref":"#/$defs/n"}}}}"##
        let open = String(repeating: "[", count: levels)
        let value = open + "1" + String(repeating: "]", count: levels)

        let fault = SchemaCheck.fault(
            of: try JSON(parsing: value),
            in: try JSON(parsing: schema),
            named: "v"
        )

        #expect((fault?.contains("too deep") ?? false) == (levels == 32))
        #expect((fault == nil) == (levels == 31))
    }

    @Test("combinations that multiply end at the limit of steps")
    func explosion() throws {
        let part = ##"{"allOf":[{"$ref":"#/$defs/N"},{"$ref":"#/$defs/N"},{"$ref":"#/$defs/N"}]}"##
        let definitions = (0..<12).map { level in
            #""d\#(level)":"# + part.split(separator: "N").joined(separator: "d\(level + 1)")
        }
        let text =
            ##"{"$ref":"#/$defs/d0","$defs":{\##(definitions.joined(separator: ",")),"d12":{}}}"##

        let fault = SchemaCheck.fault(of: 1, in: try JSON(parsing: text), named: "v")

        #expect(fault?.contains("too deep") == true)
    }
}
