// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import TestSupport
import Testing

@Suite("Accepted definitions", .scratchFolder)
struct PinTests {
    private func definition(_ members: [JSON.Member]) throws -> ToolDefinition {
        try ToolDefinition(ScriptedTransport.tool("t", members))
    }

    @Test("the order of members and what decorates a tool do not count, all else does")
    func hash() throws {
        let plain = try definition([.init("description", "d"), .init("title", "t")])
        let turned = try definition([.init("title", "t"), .init("description", "d")])
        let decorated = try definition([
            .init("title", "t"), .init("description", "d"), .init("icons", []),
            .init("_meta", ["x": 1]),
        ])
        let other = try definition([
            .init("title", "t"), .init("description", "d"),
            .init("annotations", ["readOnlyHint": true]),
        ])

        #expect(plain.hash == turned.hash)
        #expect(plain.hash == decorated.hash)
        #expect(plain.hash != other.hash)
    }

    @Test("pins come back from the folder as they were put there")
    func folder() throws {
        let store = PinFolder(Folder(try ScratchFolder.path).folder("connectors"))
        let pins = ToolPins([try definition([])], instructions: "be kind")

        let before = try store.load("one")
        try store.save(pins, of: "one")

        #expect(before == nil)
        #expect(try store.load("one") == pins)
        #expect(pins.hashes.keys.sorted() == ["(instructions)", "t"])
    }

    @Test("changed instructions are a change")
    func instructions() throws {
        let tools = [try definition([])]
        let pins = ToolPins(tools, instructions: "be kind")

        let changes = pins.changes(to: ToolPins(tools, instructions: "be rich"))

        #expect(changes.map(\.description) == ["(instructions) is changed"])
    }

    @Test("a torn file is an error and not an empty one")
    func torn() throws {
        let folder = Folder(try ScratchFolder.path)
        try folder.replace("one.json", with: Array("{".utf8))

        #expect(throws: JSONError.self) { try PinFolder(folder).load("one") }
    }

    @Test("a file larger than the limit is not read")
    func tooLarge() throws {
        let folder = Folder(try ScratchFolder.path)
        let rest = [UInt8](repeating: 0x20, count: 4 << 20)
        try folder.replace("one.json", with: Array("{}".utf8) + rest)

        let error = #expect(throws: FileError.self) { try PinFolder(folder).load("one") }

        #expect(error?.code == .tooLarge)
    }
}
