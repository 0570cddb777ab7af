// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git
import Testing

@Suite("Objects")
struct ObjectTests {
    @Test("an id survives being written and read as digits")
    func hexRoundTrip() throws {
        let text = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"

        let id = try #require(ObjectID(hex: text))

        #expect(id.description == text)
        #expect(ObjectID(hashing: [], kind: .blob) == id)
    }

    @Test(
        "anything but forty digits is no id",
        arguments: [
            "", "e69d", "zz", String(repeating: "g", count: 40), String(repeating: "a", count: 41),
        ]
    )
    func badHex(text: String) {
        #expect(ObjectID(hex: text) == nil)
    }

    @Test("ids are ordered by their bytes")
    func order() throws {
        let texts = ["00ff", "0100", "7f00", "8000", "ff00"].map {
            $0 + String(repeating: "0", count: 36)
        }

        let ids = texts.reversed().compactMap { ObjectID(hex: $0) }.sorted()

        #expect(ids.map(\.description) == texts)
    }

    @Test("a batch stores the objects that git itself would")
    func batchMatchesGit() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()

        let commit = try desk.publish(
            ["a.txt": "a", "a/b.txt": "b", "a.b": "c", "a/deep/er": "d"],
            message: "First\n\nTurn: 1\nRead: agents/x abc\nRead: agents/y def"
        )

        #expect(try scratch.git("fsck", "--strict", "--full").contains("error") == false)
        #expect(
            try scratch.git("ls-tree", "-r", "--name-only", "main")
                == "a.b\na.txt\na/b.txt\na/deep/er\n"
        )
        #expect(try scratch.git("rev-parse", "main") == "\(commit)\n")
        let read = try desk.commit(commit)
        #expect(read.subject == "First")
        #expect(read.author == Scratch.person)
        #expect(read.values(of: "Read") == ["agents/x abc", "agents/y def"])
        #expect(read.trailers.first == Trailer(key: "Turn", value: "1"))
    }

    @Test("the same content waits once in a batch")
    func deduplicates() {
        var batch = ObjectBatch()

        let one = batch.addBlob([1, 2])
        let two = batch.addBlob([1, 2])

        #expect(one == two)
        #expect(batch.count == 1)
        #expect(batch.contains(one))
    }

    @Test("an empty batch writes no pack")
    func emptyBatch() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()

        try desk.objects.write(ObjectBatch(), isDurable: true)

        #expect(try desk.objects.packCount() == 0)
    }

    @Test(
        "a name that git forbids is refused",
        arguments: ["", ".", "..", ".git", ".GIT", ".git.", "git~1", "a/b", "a\0b"]
    )
    func badNames(name: String) throws {
        var batch = ObjectBatch()
        let blob = batch.addBlob([])

        let error = try #require(throws: GitError.self) {
            try batch.addTree([TreeEntry(name: name, mode: .regular, id: blob)])
        }

        #expect(error.code == .invalid)
    }

    @Test("a name that occurs twice in a folder is refused")
    func duplicateNames() throws {
        var batch = ObjectBatch()
        let blob = batch.addBlob([])
        let entry = TreeEntry(name: "x", mode: .regular, id: blob)

        #expect(throws: GitError.self) { try batch.addTree([entry, entry]) }
    }

    @Test("reading an object as another kind is invalid, and a missing one is not found")
    func wrongKind() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let commit = try desk.publish(["a": "1"])

        let wrong = try #require(throws: GitError.self) { try desk.blob(commit) }
        let missing = try #require(throws: GitError.self) {
            try desk.commit(ObjectID(hashing: [7], kind: .blob))
        }

        #expect(wrong.code == .invalid)
        #expect(missing.code == .notFound)
        #expect(try desk.contains(commit))
    }

    @Test("an object is gone only while every pack can be read")
    func gone() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let commit = try desk.publish(["a": "1"])
        let packs = URL(filePath: scratch.file("desk/.git/objects/pack"))
        let names = try FileManager.default.contentsOfDirectory(atPath: packs.path)
        let index = packs.appending(path: try #require(names.first { $0.hasSuffix(".idx") }))
        let aside = packs.appending(path: "aside")

        #expect(try desk.isGone(ObjectID(hashing: [7], kind: .blob)))
        #expect(try !desk.isGone(commit))
        // A folder opens and cannot be read, whoever asks.
        try FileManager.default.moveItem(at: index, to: aside)
        try FileManager.default.createDirectory(at: index, withIntermediateDirectories: false)
        try desk.releaseCaches()
        #expect(try !desk.contains(commit))
        let error = try #require(throws: GitError.self) { try desk.isGone(commit) }
        #expect(error.description.contains("read a pack"))
        try FileManager.default.removeItem(at: index)
        #expect(try desk.isGone(commit))
        try FileManager.default.moveItem(at: aside, to: index)
        #expect(try !desk.isGone(commit))
    }

    @Test("an entry is found by its path")
    func entryAtPath() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let tree = try desk.commit(try desk.publish(["a/b/c": "x"])).tree

        let found = try #require(try desk.entry(atPath: "a/b/c", in: tree))

        #expect(try desk.blob(found.id) == Array("x".utf8))
        #expect(found.mode == .regular)
        #expect(try desk.entry(atPath: "a/b/c/d", in: tree) == nil)
        #expect(try desk.entry(atPath: "a/x", in: tree) == nil)
        #expect(try desk.tree(tree).map(\.name) == ["a"])
    }

    @Test("a folder with a submodule is refused, or read as far as it is this repository's")
    func submodule() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let commit = try desk.publish(["a/b": "x", "z": "y"])
        try scratch.git("read-tree", "main")
        try scratch.git("update-index", "--add", "--cacheinfo", "160000,\(commit),vendor")
        let written = try scratch.git("write-tree").split(separator: "\n").first
        let tree = try #require(written.flatMap { ObjectID(hex: String($0)) })

        let error = #expect(throws: GitError.self) { try desk.tree(tree) }

        #expect(error?.code == .invalid)
        #expect(error?.description.contains("vendor has an unsupported mode") == true)
        #expect(try desk.ownEntries(of: tree) == desk.tree(desk.commit(commit).tree))
    }

    @Test(
        "a last paragraph with any other line holds no trailers",
        arguments: ["Subject\n\nA: b\nplain words", "Only: subject", "Subject\n\nSpaced key: x"]
    )
    func noTrailers(message: String) throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()

        let commit = try desk.commit(try desk.publish(["a": "1"], message: message))

        #expect(commit.trailers.isEmpty)
    }
}
