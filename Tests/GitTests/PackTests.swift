// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git
import Testing

@Suite("Packs")
struct PackTests {
    private func packs(_ scratch: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.file("desk/.git/objects/pack"))
            .filter { $0.hasSuffix(".pack") }
    }

    @Test("many small packs become one, and nothing is lost")
    func consolidation() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        var head: ObjectID?
        for turn in 0..<ObjectStore.defaultFanIn {
            head = try desk.publish(["s/\(turn)": "signal \(turn)"])
            if turn == 3 { #expect(try desk.consolidateIfNeeded() == 0) }
        }

        let merged = try desk.consolidateIfNeeded()

        #expect(merged == ObjectStore.defaultFanIn)
        #expect(try packs(scratch).count == 1)
        #expect(try desk.walk(from: #require(head)).count == ObjectStore.defaultFanIn)
        #expect(try scratch.git("fsck", "--strict", "--full").contains("error") == false)
        #expect(try scratch.git("rev-list", "--count", "main") == "\(ObjectStore.defaultFanIn)\n")
    }

    // With these names an entry takes 32 bytes, and a block of a stored folder ends at 65,535.
    @Test("git reads folders of any size", arguments: [0, 1, 2047, 2048, 4100])
    func folders(entries: Int) throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        let names = (0..<entries).map { String($0 + 1000) }
        var batch = ObjectBatch()
        let blob = batch.addBlob(Array("said".utf8))

        let tree = try batch.addTree(
            names.map { TreeEntry(name: $0, mode: .regular, id: blob) }
        )
        try desk.objects.write(batch, isDurable: false)

        #expect(try desk.tree(tree).map(\.name) == names)
        let found = try scratch.git("ls-tree", "--name-only", "\(tree)")
        #expect(found == names.map { $0 + "\n" }.joined())
        #expect(try scratch.git("cat-file", "-s", "\(tree)") == "\(32 * entries)\n")
    }

    @Test("packs are known again after a restart, and packs of git are left alone")
    func restart() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        try desk.publish(["a": "1"])
        try scratch.git("repack", "-a", "-d", "-q")
        #expect(try packs(scratch).count == 1)
        try desk.publish(["a": "2"])

        let again = try Repository.open(at: scratch.file("desk"))

        #expect(try packs(scratch).count == 2)
        #expect(try again.objects.packCount() == 1)
    }

    @Test("what one look at the packs did not show is not gone, and what is stored nowhere is")
    func secondLook() throws {
        let scratch = try Scratch()
        let first = try scratch.makeDesk().publish(["a": "1"])
        try scratch.git("repack", "-a", "-d", "-q")
        let pack = try #require(try packs(scratch).first)
        try Repository.open(at: scratch.file("desk")).publish(["a": "2"])
        let other = try #require(try packs(scratch).first { $0 != pack })
        func index(_ pack: String) -> URL {
            URL(fileURLWithPath: scratch.file("desk/.git/objects/pack/\(pack.dropLast(5)).idx"))
        }
        func put(_ bytes: Data) throws {
            try FileManager.default.removeItem(at: index(pack))
            try bytes.write(to: index(pack))
        }
        let whole = try Data(contentsOf: index(pack))
        // libgit2 goes by the index of a pack that it read first.
        try put(try Data(contentsOf: index(other)))
        let desk = try Repository.open(at: scratch.file("desk"))
        let isShown = try desk.contains(first)
        try put(whole)
        let isShownAgain = try desk.contains(first)

        #expect(!isShown && !isShownAgain)
        #expect(try !desk.isGone(first))
        #expect(try desk.contains(first))
        let nowhere = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        #expect(try desk.isGone(nowhere))
    }

    @Test("a damaged pack is not merged and its sources stay")
    func damaged() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        for turn in 0..<ObjectStore.defaultFanIn { try desk.publish(["a": "\(turn)"]) }
        let name = try #require(try packs(scratch).min())
        let place = URL(fileURLWithPath: scratch.file("desk/.git/objects/pack/\(name)"))
        var bytes = try Data(contentsOf: place)
        bytes[20] ^= 0xFF
        try FileManager.default.removeItem(at: place)
        try bytes.write(to: place)

        let error = try #require(throws: GitError.self) { try desk.consolidateIfNeeded() }

        #expect(error.code == .corrupt)
        #expect(try packs(scratch).count == ObjectStore.defaultFanIn)
    }

    @Test("drafts and packs without an index are swept, and nothing else")
    func sweep() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        try desk.publish(["a": "1"])
        let folder = "desk/.git/objects/pack/"
        try scratch.write("x", to: folder + "tmp_pack_loopdesk_1_1")
        try scratch.write("x", to: folder + "tmp_pack_other")
        try scratch.write("", to: "desk/.git/refs/heads/agents/risk.lock")
        #expect(chmod(scratch.file("desk/.git/refs/heads/agents/risk.lock"), 0o1644) == 0)
        try scratch.write("", to: "desk/.git/refs/heads/agents/theirs.lock")
        try scratch.write("", to: "desk/.git/refs/heads/main.lock")
        try scratch.write("x", to: "desk/.git/loopdesk-worktree-risk/HEAD")
        try desk.publish(["a": "2"], on: "other")
        let stem = try #require(try packs(scratch).min()).dropLast(5)
        try FileManager.default.removeItem(atPath: scratch.file(folder + stem + ".idx"))

        let removed = try desk.sweepStaleFiles()

        #expect(
            Set(removed) == [
                "tmp_pack_loopdesk_1_1", "\(stem).pack", "refs/heads/agents/risk.lock",
                "loopdesk-worktree-risk",
            ]
        )
        #expect(scratch.exists(folder + "tmp_pack_other"))
        #expect(scratch.exists("desk/.git/refs/heads/main.lock"))
    }

    @Test("pack files cannot be written to by mistake")
    func readOnly() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        try desk.publish(["a": "1"], isDurable: true)

        let name = try #require(try packs(scratch).first)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: scratch.file("desk/.git/objects/pack/\(name)")
        )

        #expect(attributes[.posixPermissions] as? Int == 0o444)
    }
}
