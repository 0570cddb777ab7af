// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Testing

@testable import Git

@Suite("Folders stored by what differs")
struct TreeDeltaTests {
    /// Commits many versions of a folder in one pack.
    private func publishVersions(
        _ count: Int,
        in desk: Repository,
        named prefix: String = "file"
    ) throws -> [ObjectID] {
        let publisher = Publisher(desk, isDurable: false)
        var tree = try TreeEditor(desk, tree: nil)
        var heads: [ObjectID] = []
        for version in 0..<count {
            try tree.set("said/\(1000 + version)-\(prefix)", content: Array("\(version)".utf8))
            if version < 50, version % 7 == 3 {
                try tree.remove("said/\(1000 + version / 2)-\(prefix)")
            }
            heads.append(
                publisher.batch.addCommit(
                    tree: try tree.write(into: &publisher.batch),
                    parents: heads.last.map { [$0] } ?? [],
                    author: Scratch.person,
                    message: "\(version)"
                )
            )
        }
        let last = try #require(heads.last)
        publisher.add(
            RefUpdate(reference: "refs/heads/\(prefix)", to: last, expecting: nil)
        )
        #expect(try publisher.publish(by: Scratch.person) == .moved)
        // Git declines to clean up while a desk publishes.
        publisher.close()
        return heads
    }

    @Test("git reads every version, and chains end at git's own limit")
    func readable() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()

        let heads = try publishVersions(200, in: desk)

        #expect(try scratch.git("fsck", "--strict", "--full").contains("error") == false)
        let names = try scratch.git("ls-tree", "-r", "--name-only", "\(heads[150])")
        let node = try desk.tree(try desk.commit(heads[150]).tree)
        let said = try desk.tree(try #require(node.first).id).map { "said/\($0.name)" }
        #expect(names == said.joined(separator: "\n") + "\n")
        let packs = scratch.file("desk/.git/objects/pack")
        let pack = try #require(
            FileManager.default.contentsOfDirectory(atPath: packs).first { $0.hasSuffix(".idx") }
        )
        let story = try scratch.git("verify-pack", "-v", "\(packs)/\(pack)")
        let depths = story.split(separator: "\n").compactMap { line -> Int? in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return words.count == 7 && words[1] == "tree" ? Int(words[5]) : nil
        }
        #expect(depths.count > 150)
        #expect(depths.max() == TreeDeltas.depthLimit)
    }

    @Test("packs with such folders are merged into one that git reads")
    func merged() throws {
        let scratch = try Scratch()
        let desk = try scratch.makeDesk()
        var heads: [ObjectID] = []
        // Each ends on the folders with which the next begins, so that packs share some.
        for round in 0..<4 {
            heads += try publishVersions(40 + round, in: desk, named: "a\(round)")
        }

        #expect(try desk.objects.consolidateIfNeeded(fanIn: 4) == 4)

        #expect(try scratch.git("fsck", "--strict", "--full").contains("error") == false)
        for head in heads { #expect(try !desk.tree(try desk.commit(head).tree).isEmpty) }
        try scratch.git("gc", "--quiet", "--prune=now")
        #expect(try scratch.git("rev-list", "--count", "--all") == "\(heads.count)\n")
    }

    @Test("what two contents share is copied, and the rest is as it was", arguments: 0..<200)
    func instructions(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        func bytes(_ most: UInt64) -> [UInt8] {
            (0..<Int(random.next() % most)).map { _ in UInt8(random.next() & 0x03) }
        }
        let (start, end) = (bytes(700), bytes(700))
        let base = start + bytes(300) + end
        let content = start + bytes(300) + end

        let delta = TreeDeltas.encode(content, from: base)

        #expect(try Self.apply(delta, to: base) == content)
    }

    /// Follows git's instructions, as its documentation of packs tells them.
    private static func apply(_ delta: [UInt8], to base: [UInt8]) throws -> [UInt8] {
        var place = 0
        func next() throws -> Int {
            place += 1
            return Int(try #require(place <= delta.count ? delta[place - 1] : nil))
        }
        func size() throws -> Int {
            var (value, shift) = (0, 0)
            while true {
                let byte = try next()
                value |= (byte & 0x7F) << shift
                shift += 7
                if byte & 0x80 == 0 { return value }
            }
        }
        #expect(try size() == base.count)
        let count = try size()
        var content: [UInt8] = []
        while place < delta.count {
            let command = try next()
            guard command & 0x80 != 0 else {
                for _ in 0..<command { content.append(UInt8(try next())) }
                continue
            }
            var numbers = [0, 0]
            for bit in 0..<7 where command & 1 << bit != 0 {
                numbers[bit / 4] |= try next() << (8 * (bit % 4))
            }
            content += base[numbers[0]..<(numbers[0] + numbers[1])]
        }
        #expect(content.count == count)
        return content
    }
}
