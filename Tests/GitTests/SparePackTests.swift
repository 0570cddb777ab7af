// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@testable import Git

@Suite("Packs that are merged beside whoever publishes")
struct SparePackTests {
    private let scratch: Scratch
    private let desk: Repository

    init() throws {
        scratch = try Scratch()
        desk = try scratch.makeDesk()
    }

    /// The files of packs and indexes, by their numbers.
    private func files() throws -> [UInt: String] {
        let folder = scratch.file("desk/.git/objects/pack")
        var found: [UInt: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(name)"
            if let status = try Files.status(path, "look") { found[UInt(status.st_ino)] = path }
        }
        return found
    }

    private func spares() throws -> [String] {
        let folder = scratch.file("desk/.git/loopdesk/packs")
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    private func publish(_ count: Int, from start: Int = 0) throws {
        for turn in start..<(start + count) { try desk.publish(["s/\(turn)": "signal \(turn)"]) }
    }

    /// Merges beside, and waits, but keeps the spare files as a desk that goes on does.
    private func merge() throws -> Int {
        #expect(try desk.mergePacksBeside() == 0)
        return try desk.merger.wait()
    }

    private func expectSound(turns: Int) throws {
        #expect(try scratch.git("fsck", "--strict", "--full").contains("error") == false)
        #expect(try scratch.git("rev-list", "--count", "main") == "\(turns)\n")
    }

    @Test("files of packs that were merged away become the next packs")
    func reuse() throws {
        try publish(ObjectStore.defaultFanIn)
        let before = try files()

        #expect(try merge() == ObjectStore.defaultFanIn)
        #expect(try spares().count == SpareFiles.limit)
        try publish(3, from: 50)

        let after = try files()
        #expect(after.count == 8)
        #expect(after.keys.count { before[$0] != nil } == 6)
        #expect(try spares().count == SpareFiles.limit - 6)
        for path in after.values {
            let status = try #require(try Files.status(path, "look"))
            #expect(status.st_mode & 0o777 == 0o444)
        }
        try expectSound(turns: 53)
    }

    @Test("a spare file is cut to what is written over it")
    func shorter() throws {
        let long = String(repeating: "a long story ", count: 200)
        for turn in 0..<ObjectStore.defaultFanIn {
            try desk.publish(["a": "\(turn) \((0..<90).map { "\(turn * 977 + $0 * 31) \(long)" })"])
        }
        #expect(try merge() == ObjectStore.defaultFanIn)

        try desk.publish(["a": "short"], isDurable: true)

        try expectSound(turns: 51)
    }

    @Test("a file that somebody has open is not written over")
    func inUse() throws {
        try publish(ObjectStore.defaultFanIn)
        let before = try files()
        let held = try before.values.map { path in
            try #require(FileHandle(forReadingAtPath: path))
        }
        #expect(try merge() == ObjectStore.defaultFanIn)

        try publish(1, from: 50)

        #expect(try files().keys.allSatisfy { before[$0] == nil })
        let packs = try held.map { try $0.readToEnd() ?? Data() }
        #expect(packs.count { $0.starts(with: Data("PACK".utf8)) } == ObjectStore.defaultFanIn)
        #expect(try spares().isEmpty)
        try expectSound(turns: 51)
    }

    @Test("a file that has a second name is not written over")
    func linked() throws {
        try publish(ObjectStore.defaultFanIn)
        let before = try files()
        try scratch.git("clone", "--quiet", "--local", "desk", "clone", in: ".")

        #expect(try merge() == ObjectStore.defaultFanIn)
        try publish(1, from: 50)

        #expect(try spares().isEmpty)
        #expect(try files().keys.allSatisfy { before[$0] == nil })
        try scratch.git("fsck", "--strict", "--full", in: "clone")
        try expectSound(turns: 51)
    }

    @Test("spare files go at the end, and those of a killed desk at the next start")
    func sweep() throws {
        try publish(ObjectStore.defaultFanIn)
        #expect(try merge() == ObjectStore.defaultFanIn)
        #expect(try !spares().isEmpty)

        try desk.finishMerging()

        #expect(try spares().isEmpty)
        try scratch.write("left", to: "desk/.git/loopdesk/packs/1_pack")
        try desk.sweepStaleFiles()
        #expect(try spares().isEmpty)
    }

    @Test("who merges at once leaves no spare files")
    func maintenance() throws {
        try publish(ObjectStore.defaultFanIn)

        #expect(try desk.consolidateIfNeeded() == ObjectStore.defaultFanIn)

        #expect(try spares().isEmpty)
        #expect(try files().count == 2)
    }

    @Test("a merge that is stopped leaves its sources and no draft")
    func stopped() throws {
        try publish(ObjectStore.defaultFanIn)
        let before = try files()
        let terms = desk.mergeTerms(keepsSpares: true) { false }

        #expect(try desk.objects.consolidateIfNeeded(on: terms) == 0)

        #expect(try files() == before)
        #expect(try desk.consolidateIfNeeded() == ObjectStore.defaultFanIn)
    }

    @Test("what a merge fails with is told at the next publication, once")
    func failure() throws {
        try publish(ObjectStore.defaultFanIn)
        let pack = try #require(try files().values.filter { $0.hasSuffix(".pack") }.min())
        var bytes = try Data(contentsOf: URL(fileURLWithPath: pack))
        bytes[20] ^= 0xFF
        try FileManager.default.removeItem(atPath: pack)
        try bytes.write(to: URL(fileURLWithPath: pack))
        #expect(try desk.mergePacksBeside() == 0)

        let error = #expect(throws: GitError.self) { try desk.finishMerging() }

        #expect(error?.code == .corrupt)
        try desk.finishMerging()
        #expect(try files().count == 2 * ObjectStore.defaultFanIn)
    }

    @Test("nobody waits for a merge until far too many packs have gathered")
    func limit() throws {
        let gate = DispatchSemaphore(value: 0)
        desk.merger.start { _ in
            gate.wait()
            return .success(7)
        }
        #expect(desk.isMergingPacks)
        for turn in 0..<(ObjectStore.waitingLimit - 1) {
            var batch = ObjectBatch()
            batch.addBlob(Array("\(turn)".utf8))
            try desk.objects.write(batch, isDurable: false)
        }
        #expect(try desk.mergePacksBeside() == 0)
        #expect(desk.isMergingPacks)
        var batch = ObjectBatch()
        batch.addBlob(Array("one more".utf8))
        try desk.objects.write(batch, isDurable: false)
        // Later than it takes to find that there is nothing to wait for.
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(100)) { gate.signal() }

        #expect(try desk.mergePacksBeside() == 7)

        try desk.finishMerging()
    }
}
