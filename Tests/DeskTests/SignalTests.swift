// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Signals")
struct SignalTests {
    private func fault(_ text: String) -> String {
        let error = #expect(throws: DeskError.self) {
            try Signal(committed: Array(text.utf8), path: "p.json")
        }
        #expect(error?.code == .signal)
        return error?.description ?? ""
    }

    @Test("a draft that is committed gets an id and is delivered with it")
    func life() throws {
        let bytes = Signal.draft(.intent, ["symbol": "MSFT"]).compactBytes

        let committed = try Signal(
            committed: bytes,
            path: "agents/a/signals/0000/00/000001-1-intent.json"
        )
        let delivered = try Signal(
            delivered: committed.delivery.compactBytes,
            file: "inbox/0001.json"
        )

        #expect(delivered == committed)
        #expect(committed.topic == .intent && committed.body == ["symbol": "MSFT"])
        #expect(committed.id.hasPrefix("intent-") && committed.id.utf8.count == 7 + 12)
    }

    @Test("the id depends on the path and on every byte, and on nothing else")
    func ids() throws {
        let bytes = Signal.draft(.risk, ["a": 1]).compactBytes

        let first = try Signal(committed: bytes, path: "a")

        #expect(try Signal(committed: bytes, path: "a").id == first.id)
        #expect(try Signal(committed: bytes, path: "b").id != first.id)
        #expect(try Signal(committed: bytes + [0x0A], path: "a").id != first.id)
        #expect(
            try Signal(committed: Signal.draft(.risk, ["a": 2]).compactBytes, path: "a").id
                != first.id
        )
    }

    @Test(
        "a file that is no signal is refused",
        arguments: [
            ("", "line 1, column 1"), ("[]", "expected an object"), ("{}", "'schema' is missing"),
            (
                #"{"schema":2,"topic":"risk","body":{}}"#,
                "schema 2 is not known to this version, which reads 1"
            ),
            (#"{"schema":"1","topic":"risk","body":{}}"#, "signal.schema: expected a whole number"),
            (
                #"{"schema":1,"topic":"gossip","body":{}}"#,
                "unknown topic 'gossip'; allowed are bars"
            ),
            (#"{"schema":1,"body":{}}"#, "'topic' is missing"),
            (#"{"schema":1,"topic":"risk"}"#, "'body' is missing"),
        ]
    )
    func refusals(text: String, message: String) {
        let shown = fault(text)

        #expect(shown.hasPrefix("p.json: ") && shown.contains(message), "\(shown)")
    }

    @Test("a delivered signal without an id is refused")
    func withoutID() {
        let error = #expect(throws: DeskError.self) {
            try Signal(delivered: Signal.draft(.risk, [:]).compactBytes, file: "f")
        }

        #expect(error?.description == "f: the signal has no id")
    }

    @Test(
        "a hundred turns share a folder",
        arguments: [
            (1, "0000/00/000001"), (99, "0000/00/000099"), (100, "0000/01/000100"),
            (1234, "0000/12/001234"), (999_999, "0099/99/999999"), (1_000_000, "0100/00/1000000"),
        ]
    )
    func paths(turn: Int, place: String) throws {
        let path = SignalPath(agent: try #require(AgentName("a")), turn: turn, index: 2)

        #expect(path.signal(.proposal) == "agents/a/signals/\(place)-2-proposal.json")
        #expect(path.note == "agents/a/notes/\(place)-2.md")
        #expect(path.deadLetter == "agents/a/deadletters/\(place).json")
    }
}
