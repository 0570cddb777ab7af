// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing

@Suite("Reading files")
struct FolderReadingTests {
    private func code(_ body: () throws -> Void) -> FileError.Code? {
        #expect(throws: FileError.self) { try body() }?.code
    }

    @Test("a file is read whole, or from an offset to its end")
    func offsets() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: Array("0123456789".utf8))

            #expect(try folder.read("file") == Array("0123456789".utf8))
            #expect(try folder.read("file", from: 7) == Array("789".utf8))
            #expect(try folder.read("file", from: 10).isEmpty)
            #expect(try folder.read("file", from: 11).isEmpty)
        }
    }

    @Test("a file is read piece by piece")
    func pieces() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: Array("0123456789".utf8))

            #expect(try folder.read("file", from: 0, atMost: 4) == Array("0123".utf8))
            #expect(try folder.read("file", from: 8, atMost: 4) == Array("89".utf8))
            #expect(try folder.read("file", from: 12, atMost: 4).isEmpty)
        }
    }

    @Test("lines with a beginning are picked out, the last one also when it is cut")
    func lines() {
        func lines(_ text: String, _ beginning: String) -> [String] {
            Array(text.utf8).lines(beginningWith: Array(beginning.utf8))
                .map { String(decoding: $0, as: UTF8.self) }
        }

        #expect(lines("a1\nb2\n\na3\nba\na", "a") == ["a1", "a3", "a"])
        #expect(lines("a1\na2\n", "a") == ["a1", "a2"])
        #expect(lines("", "a").isEmpty && lines("\n", "a").isEmpty && lines("ab", "abc").isEmpty)
    }

    @Test("a file that is not there is nothing, one that cannot be reached is an error")
    func absence() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: Array("0123456789".utf8))
            try folder.folder("inner").create()
            // The file system cannot say whether this one is there.
            let unreachable = String(repeating: "x", count: 300)

            #expect(try folder.readIfPresent("file", from: 7) == Array("789".utf8))
            #expect(try folder.readIfPresent("missing") == nil)
            #expect(try folder.readIfPresent("file/below") == nil)
            #expect(code { _ = try folder.readIfPresent(unreachable) } == .system)
            #expect(code { _ = try folder.readIfPresent("inner") } == .wrongKind)
        }
    }

    @Test("the limit counts the bytes that are asked for")
    func limits() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: Array("0123456789".utf8))

            #expect(try folder.read("file", limitBytes: 10).count == 10)
            #expect(try folder.read("file", from: 7, limitBytes: 3).count == 3)
            #expect(code { _ = try folder.read("file", from: 6, limitBytes: 3) } == .tooLarge)
            #expect(code { _ = try folder.readUntrusted("file", limitBytes: 9) } == .tooLarge)
            let error = #expect(throws: FileError.self) { try folder.read("file", limitBytes: 9) }
            #expect(
                error?.description
                    == "cannot read \(folder.path)/file: it has 10 bytes and at most 9 are allowed"
            )
        }
    }

    @Test("what is missing or of the wrong kind is refused, a pipe without waiting")
    func wrongKinds() throws {
        try withScratchFolder { folder in
            try folder.folder("inner").create()
            try #require(mkfifo(folder.path(of: "pipe"), 0o600) == 0)

            #expect(code { _ = try folder.read("missing") } == .notFound)
            #expect(code { _ = try folder.read("missing/file") } == .notFound)
            #expect(code { _ = try folder.read("inner") } == .wrongKind)
            #expect(code { _ = try folder.read("pipe") } == .wrongKind)
            #expect(code { _ = try folder.readUntrusted("missing", limitBytes: 9) } == .notFound)
            #expect(code { _ = try folder.readUntrusted("inner", limitBytes: 9) } == .wrongKind)
            #expect(code { _ = try folder.readUntrusted("pipe", limitBytes: 9) } == .wrongKind)
        }
    }

    @Test("an untrusted file is taken only when it is a regular file with one name")
    func untrusted() throws {
        try withScratchFolder { folder in
            try folder.replace("secret", with: [1, 2, 3])
            try folder.folder("box").create()
            let box = folder.folder("box")
            try box.replace("plain", with: [4])
            try #require(symlink("../secret", box.path(of: "link")) == 0)
            try #require(symlink("/nowhere", box.path(of: "dangling")) == 0)
            try #require(link(folder.path(of: "secret"), box.path(of: "second-name")) == 0)

            #expect(try box.readUntrusted("plain", limitBytes: 9) == [4])
            #expect(try folder.readUntrusted("box/plain", limitBytes: 9) == [4])
            for name in ["link", "dangling", "second-name"] {
                #expect(code { _ = try box.readUntrusted(name, limitBytes: 9) } == .wrongKind)
            }
            #expect(try box.read("link") == [1, 2, 3])
        }
    }

    @Test("a link in place of a folder on the way to an untrusted file is refused")
    func linkedFolders() throws {
        try withScratchFolder { folder in
            try folder.folder("other/deep").create()
            try folder.folder("other/deep").replace("file", with: [1])
            try #require(symlink("other", folder.path(of: "box")) == 0)

            #expect(
                code { _ = try folder.readUntrusted("box/deep/file", limitBytes: 9) } == .wrongKind
            )
            #expect(
                code { _ = try folder.folder("box").readUntrusted("deep/file", limitBytes: 9) }
                    == .wrongKind
            )
            #expect(try folder.readUntrusted("other/deep/file", limitBytes: 9) == [1])
        }
    }
}
