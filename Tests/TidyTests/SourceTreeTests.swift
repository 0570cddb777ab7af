// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

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
}
