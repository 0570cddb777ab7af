// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Agents

@Suite("Last words of models")
struct ReplyTextTests {
    private static let value: JSON = ["a": [1, 2], "b": "x, }"]

    @Test(
        "one value is taken, bare or in one fence, with what models get wrong put right",
        arguments: [
            #"{"a":[1,2],"b":"x, }"}"#, "  \n{\"a\":[1,2],\"b\":\"x, }\"}\n",
            "```json\n{\"a\":[1,2],\"b\":\"x, }\"}\n```", "```\n{\"a\":[1,2],\"b\":\"x, }\"}```",
            "\u{FEFF}{\"a\":[1,\u{200B}2],\"b\":\"x, }\"}",
            "｛\"a\"：［1，2］，\"b\"：\"x, }\"｝",
            "{\u{201C}a\u{201D}:[1,2],\u{201C}b\u{201D}:\u{201C}x, }\u{201D}}",
            "{\"a\":[1,2,],\"b\":\"x, }\" ,\n }",
        ]
    )
    func taken(text: String) throws {
        #expect(try ReplyText.value(text) == Self.value)
    }

    @Test(
        "prose decides nothing, whatever stands in it",
        arguments: [
            "", "buy", #"I would say {"a":1}"#, #"{"a":1} is my answer"#, "<think>{}</think>{}",
            "```json\n{}\n```\nand so on", "```json\n{}", "```js on\n{}\n```", "7", "\"{}\"",
            "```json\n{}\n```\n```json\n{}\n```", "```json\n{}abc", "```\n{\"a\":\"```\"}\n```",
        ]
    )
    func prose(text: String) {
        #expect(throws: ReplyFault.self) { try ReplyText.value(text) }
    }

    @Test(
        "what is no JSON is refused, and why is told",
        arguments: [
            #"{"a":~100}"#, #"{"a":1,234}"#, #"{"a":NaN}"#, #"{"a":Infinity}"#, #"{"a":1,"a":2}"#,
            "{}{}", "{} {}", #"{"a":1"#, #"{"a":"b"#, "[,]", "[1,,2]", #"{"a":.5}"#, #"{'a':1}"#,
            #"{"a":+1}"#, #"{"a":1e999}"#, "{,}", "[1,,]",
        ]
    )
    func malformed(text: String) {
        do throws(ReplyFault) {
            let value = try ReplyText.value(text)
            Issue.record("taken as \(value.compactText)")
        } catch {
            #expect(error.description.hasPrefix("no JSON: "))
        }
    }

    @Test("an answer beyond the limit is not even looked at")
    func long() {
        let text = "[\"" + String(repeating: "x", count: ReplyText.limitBytes) + "\"]"

        #expect(throws: ReplyFault.self) { try ReplyText.value(text) }
    }

    @Test("marks of other scripts inside of a text stay as they are")
    func inside() throws {
        let value = try ReplyText.value("{\"a\":\"他说：\u{201C}买\u{201D}，好\"}")

        #expect(value == ["a": "他说：\u{201C}买\u{201D}，好"])
    }
}
