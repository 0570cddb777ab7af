// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing

@Suite("Removing files and folders")
struct FolderRemovalTests {
    private func code(_ body: () throws -> Void) -> FileError.Code? {
        #expect(throws: FileError.self) { try body() }?.code
    }

    @Test("removing a file twice is no error, but a folder is not a file")
    func file() throws {
        try withScratchFolder { folder in
            try folder.append([1], to: "file")
            try folder.folder("inner").create()
            try folder.removeFile("file")
            try folder.removeFile("file")

            #expect(try folder.names() == ["inner"])
            #expect(code { try folder.removeFile("inner") } == .wrongKind)
        }
    }

    @Test("a folder that cannot be looked at is not taken for one that is not there")
    func unreachable() throws {
        try withScratchFolder { folder in
            let missing = folder.folder("missing")
            let unreachable = folder.folder(String(repeating: "x", count: 300))

            #expect(code { try missing.removeContents() } == .notFound)
            #expect(code { try unreachable.removeContents() } == .system)
            #expect(code { try unreachable.removeAll() } == .system)
        }
    }

    @Test("everything inside goes, and the folder stays or goes as asked")
    func contents() throws {
        try withScratchFolder { folder in
            let tree = folder.folder("tree")
            for path in ["a/b/c", "a/d", "e"] { try tree.folder(path).create() }
            for path in ["x", "a/x", "a/b/x", "a/b/c/.x"] { try tree.append([1], to: path) }
            try tree.removeContents()

            #expect(tree.exists)
            #expect(try tree.names().isEmpty)
            try tree.folder("again/deep").create()
            try tree.removeAll()
            #expect(!folder.contains("tree"))
            try tree.removeAll()
            #expect(code { try tree.removeContents() } == .notFound)
        }
    }

    @Test("links inside are removed and their targets kept")
    func linksInside() throws {
        try withScratchFolder { folder in
            try folder.folder("kept").create()
            try folder.append([1], to: "kept/file")
            try folder.folder("tree/deep").create()
            try #require(symlink("../kept", folder.path(of: "tree/link")) == 0)
            try #require(symlink("../../kept", folder.path(of: "tree/deep/link")) == 0)
            try folder.folder("tree").removeAll()

            #expect(try folder.names() == ["kept"])
            #expect(try folder.read("kept/file") == [1])
        }
    }

    @Test("a link in the folder's own place is removed and its target kept")
    func linkItself() throws {
        try withScratchFolder { folder in
            try folder.folder("kept").create()
            try folder.append([1], to: "kept/file")
            for name in ["first", "second"] {
                try #require(symlink("kept", folder.path(of: name)) == 0)
            }
            try folder.folder("first").removeAll()
            try folder.folder("second").removeContents()

            #expect(try folder.names() == ["kept", "second"])
            #expect(try folder.read("kept/file") == [1])
            #expect(try folder.folder("second").names().isEmpty)
            try folder.append([2], to: "second/file")
            #expect(try folder.folder("kept").names() == ["file"])
        }
    }

    @Test("a tree deeper than the longest path is removed")
    func deep() throws {
        try withScratchFolder { folder in
            try folder.folder("tree").create()
            var parent = open(folder.path(of: "tree"), O_RDONLY | O_DIRECTORY)
            for _ in 0..<3000 {
                try #require(mkdirat(parent, "folder", 0o755) == 0)
                close(openat(parent, "file", O_CREAT | O_WRONLY, 0o600))
                let next = openat(parent, "folder", O_RDONLY | O_DIRECTORY)
                close(parent)
                parent = next
            }
            close(parent)
            try folder.folder("tree").removeAll()

            #expect(try folder.names().isEmpty)
        }
    }

    @Test("names that are not UTF-8, and names like those used while removing, are removed")
    func oddNames() throws {
        try withScratchFolder { folder in
            for name in [".removed-1/x/y", ".removed-2", "a/b/c", "a/d/e"] {
                try folder.folder(name).create()
            }
            try folder.append([1], to: ".removed-3")
            let odd = folder.path.utf8CString.dropLast() + [0x2F, -1, -2, 0]
            let deeper = folder.path.utf8CString.dropLast() + [0x2F, 0x61, 0x2F, -1, 0]
            try #require(mkdir(Array(odd), 0o755) == 0)
            try #require(mkdir(Array(deeper), 0o755) == 0)
            try folder.removeContents()

            #expect(try folder.names().isEmpty)
        }
    }

    @Test("folders that their owner locked are removed")
    func locked() throws {
        try withScratchFolder { folder in
            try folder.folder("tree/locked/inner").create()
            try folder.append([1], to: "tree/locked/inner/file")
            for name in ["tree/locked/inner", "tree/locked"] {
                try #require(chmod(folder.path(of: name), 0) == 0)
            }
            try folder.folder("tree").removeAll()

            #expect(try folder.names().isEmpty)
        }
    }
}
