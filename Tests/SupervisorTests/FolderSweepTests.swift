// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import TestSupport
import Testing

@testable import Supervisor

@Suite("Sweeping folders that an agent can write", .scratchFolder)
struct FolderSweepTests {
    private func place() throws -> Folder {
        let folder = Folder(try ScratchFolder.path).folder("work")
        try folder.create()
        return folder
    }

    private func sweep(_ folder: Folder, tools: Bool = false) throws -> [SweepFinding] {
        var sweep = FolderSweep()
        sweep.sweep(try UntrustedFolder(folder), at: "work", FolderSweep.Rules(tools: tools))
        return sweep.findings
    }

    @Test(
        "git's names are known in every spelling that some file system takes for them",
        arguments: [
            (".git", true), (".GIT", true), (".Git. .", true), (".git ", true), ("GIT~1", true),
            ("git~1.", true), (".gitattributes", true), (".GitAttributes", true),
            (".gitmodules", true), (".GITMODULES.", true), ("git", false), (".gitignore", false),
            (".gitx", false), ("git~2", false), ("x.git", false), (".", false),
        ]
    )
    func gitNames(name: String, isHarmful: Bool) {
        #expect(HarmfulName.isGits(Array(name.utf8)) == isHarmful)
    }

    @Test(
        "names on which shells, editors and agent programs act are known as well",
        arguments: [
            (".envrc", true), (".ENVRC", true), ("Makefile", true), ("CLAUDE.md", true),
            ("agents.md.", true), (".vscode", true), ("package.json", true), ("notes.md", false),
            ("STATE.md", false), ("SKILL.md", false), ("claude", false),
        ]
    )
    func toolNames(name: String, isHarmful: Bool) {
        #expect(HarmfulName.isTools(Array(name.utf8)) == isHarmful)
    }

    @Test(
        "whatever git takes for a repository has its HEAD renamed, and a HEAD alone has not",
        arguments: [
            (["objects"], true), (["refs"], true), (["commondir"], true), (["config"], true),
            (["notes"], false), ([], false),
        ]
    )
    func bare(others: [String], isRepository: Bool) throws {
        let folder = try place().folder("bare")
        try folder.create()
        for name in others + ["HEAD"] { try folder.replace(name, with: []) }

        let found = try sweep(try place())

        #expect(found.map(\.path) == (isRepository ? ["work/bare/HEAD"] : []))
        #expect(folder.contains("HEAD") == !isRepository)
    }

    @Test("folders are followed to a depth, and what is deeper is left and said")
    func depth() throws {
        let path = Array(repeating: "d", count: FolderSweep.depthLimit + 3)
        var folder = try place()
        for name in path {
            folder = folder.folder(name)
            try folder.create()
        }
        try folder.replace(".gitmodules", with: [])

        let found = try sweep(try place())

        #expect(found.map(\.word) == ["left"])
        #expect(found.first?.detail == "folders are nested more than 64 deep")
        #expect(folder.contains(".gitmodules"))
    }

    @Test("more findings than the limit are renamed, and not told")
    func manyFindings() throws {
        let folder = try place()
        let count = FolderSweep.findingLimit + 5
        for number in 0..<count {
            let inner = folder.folder("f\(number)")
            try inner.create()
            try inner.replace(".gitmodules", with: [])
        }

        let found = try sweep(folder)

        #expect(found.count == FolderSweep.findingLimit)
        #expect((0..<count).allSatisfy { !folder.folder("f\($0)").contains(".gitmodules") })
    }

    @Test("a folder of more entries than the limit is left, and said")
    func manyEntries() throws {
        let folder = try place()
        for number in 0...FolderSweep.entryLimit {
            let file = open(folder.path(of: "\(number)"), O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
            try #require(file >= 0)
            close(file)
        }

        let found = try sweep(folder)

        #expect(found.map(\.path) == ["work"] && found.map(\.word) == ["left"])
    }
}
