// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git
import Testing

@Suite("Tree editor")
struct TreeEditorTests {
    @Test("only changed folders are written")
    func writesOnlyChanges() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let tree = try desk.commit(try desk.publish(["a/x": "1", "b/y": "1"])).tree
        var editor = try TreeEditor(desk, tree: tree)

        try editor.set("a/x", content: [2])
        var batch = ObjectBatch()
        _ = try editor.write(into: &batch)

        #expect(batch.count == 3)
    }

    @Test("setting what is there already changes nothing")
    func noChange() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let tree = try desk.commit(try desk.publish(["a/x": "1"])).tree
        var editor = try TreeEditor(desk, tree: tree)

        try editor.set("a/x", content: Array("1".utf8))
        var batch = ObjectBatch()

        #expect(try editor.write(into: &batch) == tree)
        #expect(batch.isEmpty)
    }

    @Test("folders that become empty disappear")
    func emptyFolders() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let tree = try desk.commit(try desk.publish(["a/b/c": "1", "z": "1"])).tree
        var editor = try TreeEditor(desk, tree: tree)

        let removed = try editor.remove("a/b/c")
        let again = try editor.remove("a/b/c")

        #expect(removed && !again)
        #expect(try editor.entry(at: "a") == nil)
        #expect(try editor.entry(at: "z") != nil)
    }

    @Test("a folder gives way to a file of its name and back")
    func replaceKinds() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()

        try desk.publish(["x/inner": "1", "x-": "1", "x.": "1"])
        try desk.publish(["x": "file"])
        try desk.publish(["x/other": "1"])

        #expect(try scratch.git("ls-tree", "-r", "--name-only", "main") == "x-\nx.\nx/other\n")
        #expect(try scratch.git("fsck", "--strict").contains("error") == false)
    }

    @Test("a subtree can be taken from one place and put in another")
    func subtrees() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let tree = try desk.commit(try desk.publish(["a/x": "1"])).tree
        var editor = try TreeEditor(desk, tree: tree)

        let part = try #require(try editor.subtree(at: "a"))
        try editor.replaceSubtree("copy/a", with: part)
        try editor.replaceSubtree("a", with: nil)

        #expect(try editor.entry(at: "copy/a/x")?.name == "x")
        #expect(try editor.subtree(at: "a") == nil)
        #expect(try editor.subtree(at: "copy/a") == part)
    }

    @Test("the id of a changed folder is that of its changes")
    func changedSubtree() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        var editor = try TreeEditor(desk, tree: nil)
        try editor.set("a/x", content: [1])

        let part = try #require(try editor.subtree(at: "a"))
        var batch = ObjectBatch()
        _ = try editor.write(into: &batch)

        #expect(batch.contains(part))
    }

    @Test(
        "a bad path is refused",
        arguments: ["", "/a", "a/", "a//b", "a/../b", ".git/config", "a/.Git"]
    )
    func badPaths(path: String) throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        var editor = try TreeEditor(desk, tree: nil)

        #expect(throws: GitError.self) { try editor.set(path, content: []) }
    }

    @Test("an editor lets go of all but the last folders when it holds too many")
    func cacheLimit() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        var editor = try TreeEditor(desk, tree: nil)
        for number in 0..<20_100 { try editor.set("d\(number / 100)/\(number)", content: [1]) }

        var batch = ObjectBatch()
        let tree = try editor.write(into: &batch)
        try desk.objects.write(batch, isDurable: false)
        editor.trim()

        let held = 201 + TreeEditor.cachedFolders.kept * 100
        #expect(editor.cachedEntryCount == held)
        editor.trim()
        #expect(editor.cachedEntryCount == held)
        #expect(try editor.entry(at: "d200/20099") != nil)
        #expect(try editor.write(into: &batch) == tree)
    }
}
