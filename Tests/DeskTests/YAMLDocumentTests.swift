// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("YAML as JSON with lines")
struct YAMLDocumentTests {
    static let text = """
        # a comment
        name: a
        size: 0.5
        list:
          - x
          - {deep: "1"}
        inner:
          flag: true
        """

    @Test("values are those of YAML's core schema, in their order")
    func values() throws {
        let document = try YAMLDocument(Self.text, file: "s.yaml")

        #expect(
            document.json == [
                "name": "a", "size": .double(0.5), "list": ["x", ["deep": "1"]],
                "inner": ["flag": true],
            ]
        )
    }

    @Test(
        "a path has the line of its value, or of the nearest one above",
        arguments: [
            (["name"], 2), (["size"], 3), (["list", "0"], 5), (["list", "1", "deep"], 6),
            (["inner", "flag"], 8), (["inner", "none"], 7), (["list", "9"], 4),
        ] as [([String], Int)]
    )
    func lines(_ path: [String], _ line: Int) throws {
        #expect(try YAMLDocument(Self.text, file: "s.yaml").line(of: path) == line)
    }

    @Test(
        "what cannot be read is refused with file and line",
        arguments: [
            ("a: [b\n", "s.yaml:"), ("a: 1\na: 2\n", "given twice"), ("- a\n", "s.yaml:1:"),
            ("a: \(String(repeating: "[", count: 65))", "s.yaml:1: nested deeper than 64"),
            ("a:\n  \(String(repeating: "- ", count: 65))x", "s.yaml:2: nested deeper than 64"),
        ]
    )
    func refusals(_ text: String, _ words: String) {
        let error = #expect(throws: DeskError.self) { try YAMLDocument(text, file: "s.yaml") }

        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("a long rule of dashes in a comment is no nesting")
    func rule() throws {
        let text = "# \(String(repeating: "-", count: 500))\na: 1\n"

        #expect(try YAMLDocument(text, file: "s.yaml").json == ["a": 1])
    }

    @Test("aliases that grow without bound, and very long files, are refused")
    func bounds() {
        let steps = (1..<9).map { (level: Int) -> String in
            let ten = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            return "a\(level): &a\(level) [\(ten)]"
        }
        let aliases = (["a0: &a0 x"] + steps).joined(separator: "\n")
        let long = "a: 1\n" + String(repeating: "# long\n", count: 200_000)

        let one = #expect(throws: DeskError.self) { try YAMLDocument(aliases, file: "s.yaml") }
        let two = #expect(throws: DeskError.self) { try YAMLDocument(long, file: "s.yaml") }

        #expect(one?.description.contains("values") == true)
        #expect(two?.description.contains("bytes") == true)
    }
}
