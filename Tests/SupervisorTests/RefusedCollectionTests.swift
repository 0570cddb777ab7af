// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("How much of a refused output is taken in", .scratchFolder)
struct RefusedCollectionTests {
    @Test("all files together, their depth and the entries of a folder have an end")
    func bounds() async throws {
        let bench = try await OutboxBench.make()
        let outbox = bench.outbox
        for number in 1...6 {
            try outbox.overwrite(
                "\(number)-note.md",
                with: [UInt8](repeating: 0x61, count: RefusedCollection.fileLimitBytes)
            )
        }
        try outbox.folder("d1/d2/d3/d4/d5").create()
        try outbox.folder("d1/d2/d3").overwrite("seen", with: [1])
        try outbox.folder("d1/d2/d3/d4").overwrite("hidden", with: [1])
        try outbox.folder("many").create()
        for number in 0...10_000 { try outbox.folder("many").overwrite("\(number)", with: []) }

        let found = RefusedCollection(
            bench.worktree,
            of: bench.bench.agent.name,
            secrets: SecretScan()
        )

        let taken = found.files.reduce(0) { $0 + ($1.content?.count ?? 0) }
        #expect(taken <= RefusedCollection.totalLimitBytes)
        #expect(taken > RefusedCollection.totalLimitBytes - (8 << 10))
        let paths = found.files.map(\.path)
        #expect(paths.contains("outbox/d1/d2/d3/seen") && paths.contains("outbox/d1/d2/d3/d4"))
        #expect(!paths.contains { $0.contains("hidden") || $0.contains("d5") })
        #expect(paths.contains("outbox/many") && !paths.contains { $0.contains("many/") })
        #expect(found.more == 1)
    }

    @Test("half a secret at the end of what is taken is cut off with it")
    func cut() async throws {
        let secret = "canary-of-the-desk-0123456789"
        let bench = try await OutboxBench.make()
        let limit = RefusedCollection.fileLimitBytes
        var bytes = [UInt8](repeating: 0x61, count: limit - 10)
        bytes += Array(secret.utf8) + [UInt8](repeating: 0x61, count: 100)
        try bench.outbox.overwrite("1-note.md", with: bytes)

        let found = RefusedCollection(
            bench.worktree,
            of: bench.bench.agent.name,
            secrets: SecretScan(KnownSecrets([Array(secret.utf8)]))
        )

        let note = try #require(found.files.first { $0.path == "outbox/1-note.md" })
        let content = try #require(note.content)
        #expect(!note.isWhole && note.length == bytes.count)
        #expect(content.allSatisfy { $0 == 0x61 } && content.count > limit - (2 << 10))
    }
}
