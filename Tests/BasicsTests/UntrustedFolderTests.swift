// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Basics

@Suite("A folder in which somebody else writes")
struct UntrustedFolderTests {
    private func code(_ body: () throws -> Void) -> FileError.Code? {
        #expect(throws: FileError.self) { try body() }?.code
    }

    @Test("nothing in it leads out of it, with openat2 and without", arguments: [false, true])
    func confined(isWalking: Bool) throws {
        try withScratchFolder { scratch in
            try scratch.replace("secret", with: [1])
            try scratch.folder("other").create()
            try scratch.folder("other").replace("file", with: [2])
            let box = scratch.folder("box")
            try box.folder("inner").create()
            try box.replace("plain", with: [3])
            try box.folder("inner").replace("file", with: [4])
            for (target, name) in [
                ("../secret", "link"), ("../other", "way"), ("inner", "near"), ("/", "root"),
                ("plain", "self"), ("/proc/self/cwd", "magic"),
            ] { try #require(symlink(target, box.path(of: name)) == 0) }
            try #require(link(scratch.path(of: "secret"), box.path(of: "second")) == 0)
            try #require(mkfifo(box.path(of: "pipe"), 0o600) == 0)
            let folder = try UntrustedFolder(box, isWalking: isWalking)

            #expect(try folder.read("plain", limitBytes: 9) == [3])
            #expect(try folder.read("inner/file", limitBytes: 9) == [4])
            #expect(try folder.folder("inner".utf8).read("file", limitBytes: 9) == [4])
            let wrong = [
                "link", "way/file", "near/file", "root", "self", "magic/secret", "second", "pipe",
                "inner", "../secret", "inner/../plain", "..", scratch.path(of: "secret"),
                "plain/below",
            ]
            for name in wrong {
                let found = code { _ = try folder.read(name, limitBytes: 9) }
                #expect(found == .wrongKind, "\(name)")
            }
            #expect(code { _ = try folder.read("missing", limitBytes: 9) } == .notFound)
            for name in ["way", "near", "root", "magic", "plain", ".."] {
                #expect(code { _ = try folder.folder(name.utf8) } == .wrongKind, "\(name)")
            }
        }
    }

    @Test("a folder that is a link itself is refused")
    func linked() throws {
        try withScratchFolder { scratch in
            try scratch.folder("real").create()
            try #require(symlink("real", scratch.path(of: "link")) == 0)

            #expect(code { _ = try UntrustedFolder(scratch.folder("link")) } == .wrongKind)
            #expect(code { _ = try UntrustedFolder(scratch.folder("none")) } == .notFound)
            #expect(throws: Never.self) { _ = try UntrustedFolder(scratch.folder("real")) }
        }
    }

    @Test("files are read up to the limit, or their beginning is")
    func limits() throws {
        try withScratchFolder { scratch in
            try scratch.replace("file", with: [1, 2, 3, 4])
            let sparse = open(scratch.path(of: "sparse"), O_WRONLY | O_CREAT, 0o600)
            try #require(sparse >= 0 && ftruncate(sparse, 1 << 40) == 0)
            close(sparse)
            let folder = try UntrustedFolder(scratch)

            #expect(try folder.read("file", limitBytes: 4) == [1, 2, 3, 4])
            #expect(code { _ = try folder.read("file", limitBytes: 3) } == .tooLarge)
            #expect(code { _ = try folder.read("sparse", limitBytes: 1 << 20) } == .tooLarge)
            let part = try folder.readBeginning("file".utf8, limitBytes: 3)
            #expect(part.bytes == [1, 2, 3] && part.length == 4)
            let hole = try folder.readBeginning("sparse".utf8, limitBytes: 3)
            #expect(hole.bytes == [0, 0, 0] && hole.length == 1 << 40)
        }
    }

    @Test("entries come with their kinds, whatever their names, and up to a number")
    func entries() throws {
        try withScratchFolder { scratch in
            try scratch.replace("file", with: [])
            try scratch.folder("folder").create()
            try #require(symlink("nowhere", scratch.path(of: "link")) == 0)
            try #require(mkfifo(scratch.path(of: "pipe"), 0o600) == 0)
            let odd: [CChar] =
                scratch.path(of: "").utf8.map { CChar(bitPattern: $0) } + [-1, 10, 0]
            let made = open(odd, O_WRONLY | O_CREAT, 0o600)
            try #require(made >= 0)
            close(made)
            let folder = try UntrustedFolder(scratch)

            let found = try folder.entries(atMost: 5)
            let kinds = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.kind) })
            #expect(kinds[Array("file".utf8)] == .file)
            #expect(kinds[Array("folder".utf8)] == .folder)
            #expect(kinds[Array("link".utf8)] == .link)
            #expect(kinds[Array("pipe".utf8)] == .other)
            #expect(kinds[[0xFF, 0x0A]] == .file)
            #expect(kinds.count == 5)
            #expect(code { _ = try folder.entries(atMost: 4) } == .tooLarge)
        }
    }

    @Test("what is set aside never takes another's name")
    func setAside() throws {
        try withScratchFolder { scratch in
            for name in ["a", "b", "c"] { try scratch.replace(name, with: Array(name.utf8)) }
            let folder = try UntrustedFolder(scratch)

            #expect(try folder.setAside("a".utf8, as: Array("x".utf8)) == Array("x".utf8))
            #expect(try folder.setAside("b".utf8, as: Array("x".utf8)) == Array("x-2".utf8))
            #expect(try folder.setAside("none".utf8, as: Array("x".utf8)) == nil)
            #expect(try scratch.names() == ["c", "x", "x-2"])
            #expect(try scratch.read("x") == Array("a".utf8))
            #expect(try scratch.read("x-2") == Array("b".utf8))
        }
    }

    @Test("a private file and folder are for their owner only")
    func isPrivate() throws {
        try withScratchFolder { scratch in
            let inner = scratch.folder("inner")

            try inner.create(isPrivate: true)
            try inner.replace("file", with: [1], isPrivate: true)

            var status = stat()
            #expect(stat(inner.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
            #expect(stat(inner.path(of: "file"), &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }
}
