// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("Reading the tree")
struct SourceTreeTests {
    @Test("the tree holds the manifest, sources and these tests, each once")
    func findsFiles() async throws {
        let paths = try await SourceTree.requireLoaded().files.map(\.path)

        #expect(paths.contains("Package.swift"))
        #expect(paths.contains("Tests/TidyTests/SourceTreeTests.swift"))
        #expect(paths.contains { $0.hasPrefix("Sources/Basics/") })
        #expect(Set(paths).count == paths.count)
    }

    @Test("what a build leaves behind is no part of the tree")
    func skipsProducts() async throws {
        let paths = try await SourceTree.requireLoaded().files.map(\.path)

        let strays = paths.filter { $0.hasPrefix(".build/") || $0.hasPrefix(".git/") }
        #expect(strays.isEmpty)
    }

    private func fill(_ folder: String) throws {
        let files = [
            "A.swift", "b.md", "data.bin", "ignored.md", ".ci/run", ".build/C.swift", "d/E.swift",
        ]
        for name in files {
            let url = URL(filePath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("\n".utf8).write(to: url)
        }
    }

    @Test("outside a checkout all files count, but for hidden folders", .scratchFolder)
    func walks() async throws {
        let folder = try ScratchFolder.path
        try fill(folder)

        let paths = try await SourceTree.load(folder).files.map(\.path)

        #expect(paths == [".ci/run", "A.swift", "b.md", "d/E.swift", "ignored.md"])
    }

    @Test("in a checkout new files count and ignored or removed ones do not", .scratchFolder)
    func asksGit() async throws {
        let folder = try ScratchFolder.path
        try fill(folder)
        let git = GitCommand(in: folder)
        try Data("ignored.md\n.build\n".utf8).write(to: URL(filePath: "\(folder)/.gitignore"))
        try await git.run("init", "--quiet")
        try await git.run("add", "A.swift", "b.md")
        try FileManager.default.removeItem(atPath: "\(folder)/b.md")

        let paths = try await SourceTree.load(folder).files.map(\.path)

        #expect(paths == [".ci/run", ".gitignore", "A.swift", "d/E.swift"])
    }
}
