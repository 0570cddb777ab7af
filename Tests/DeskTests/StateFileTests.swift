// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("State files")
struct StateFileTests {
    @Test("an agent's memory is written in one form and reads back")
    func roundTrip() throws {
        let state = StateFile(
            values: [.init("b", ["x": [1, .double(2)]]), .init("a", "line\nbreak: ---")],
            prose: "## Now\n\nWaiting."
        )

        #expect(
            String(decoding: state.bytes, as: UTF8.self)
                == "---\na: \"line\\nbreak: ---\"\nb: {\"x\":[1,2.0]}\n---\n\n## Now\n\nWaiting.\n"
        )
        #expect(try StateFile(parsing: state.bytes, file: "STATE.md") == state)
    }

    @Test(
        "bytes are stable whatever the prose",
        arguments: ["", "a", "a\n", "\n\na", "\n", "---\na: 1\n---\n", "a\r\nb", "a\n\n\n", "  a"]
    )
    func stability(prose: String) throws {
        var state = StateFile(values: [.init("n", 1)])
        state.prose = prose

        let read = try StateFile(parsing: state.bytes, file: "STATE.md")

        #expect(read == state)
        #expect(read.bytes == state.bytes)
        #expect(StateFile(values: [.init("n", 1)], prose: prose) == state)
    }

    @Test("values are set, replaced and removed by name and stay sorted")
    func subscripts() {
        var state = StateFile()
        state["b"] = 1
        state["a"] = 2
        state["c"] = 3
        state["b"] = 4
        state["c"] = nil

        #expect(state.values == [.init("a", 2), .init("b", 4)])
        #expect(state["b"] == 4 && state["c"] == nil)
    }

    @Test("an empty file is an empty state, and CR LF is read")
    func lenient() throws {
        #expect(try StateFile(parsing: [], file: "s") == StateFile())
        #expect(try StateFile(parsing: Array("---\r\na: 1\r\n---\r\n".utf8), file: "s")["a"] == 1)
        #expect(try StateFile(parsing: Array("---\n\na: 1\n\n---".utf8), file: "s")["a"] == 1)
    }

    @Test(
        "what cannot be read is refused with its line",
        arguments: [
            ("text", 1, "no front matter"), ("---\na: 1\n", 1, "no front matter"),
            ("---\na: 1\nb\n---\n", 3, "found 'b'; expected 'name: value'"),
            ("---\na: yes\n---\n", 2, "the value of 'a': expected a value"),
            ("---\na:\n---\n", 2, "the value of 'a': the text ends"),
            ("---\na: 1\na: 2\n---\n", 3, "'a' is given twice"),
            ("---\na b: 1\n---\n", 2, "found the name 'a b'"),
            ("---\n: 1\n---\n", 2, "found the name ''"),
        ]
    )
    func refusals(text: String, line: Int, message: String) {
        let error = #expect(throws: DeskError.self) {
            try StateFile(parsing: Array(text.utf8), file: "agents/a/STATE.md")
        }

        #expect(error?.code == .state)
        #expect(error?.problems[0].line == line)
        #expect(error?.description.hasPrefix("agents/a/STATE.md:\(line): ") == true)
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test("bytes that are not UTF-8 and files beyond the limit are refused")
    func limits() {
        let head = Array("---\n---\n\n".utf8)
        let full = head + [UInt8](repeating: 0x61, count: StateFile.limitBytes - head.count)

        #expect(throws: Never.self) { try StateFile(parsing: full, file: "s") }
        let large = #expect(throws: DeskError.self) {
            try StateFile(parsing: full + [0x61], file: "s")
        }
        #expect(large?.description == "s: has 1048577 bytes; at most 1048576 are allowed")
        let binary = #expect(throws: DeskError.self) { try StateFile(parsing: [0xFF], file: "s") }
        #expect(binary?.description == "s: not UTF-8")
    }

    @Test("a name that would break the file stops the program")
    func badName() async {
        await #expect(processExitsWith: .failure) {
            var state = StateFile()
            state["a: 1\n---"] = 1
        }
    }
}
