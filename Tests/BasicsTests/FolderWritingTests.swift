// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing

@Suite("Writing files")
struct FolderWritingTests {
    private func code(_ body: () throws -> Void) -> FileError.Code? {
        #expect(throws: FileError.self) { try body() }?.code
    }

    @Test("replacing gives the new bytes and leaves no part", arguments: [false, true])
    func replace(durable: Bool) throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: [1, 2, 3], durable: durable)
            try folder.replace("file", with: [4], durable: durable)
            try folder.replace("empty", with: [], durable: durable)

            #expect(try folder.read("file") == [4])
            #expect(try folder.read("empty").isEmpty)
            #expect(try folder.names() == ["empty", "file"])
        }
    }

    @Test("a reader that has the old file open keeps the old bytes")
    func atomic() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: [1, 2, 3])
            let descriptor = open(folder.path(of: "file"), O_RDONLY)
            defer { close(descriptor) }
            try folder.replace("file", with: [9, 9, 9])

            var old = [UInt8](repeating: 0, count: 3)
            #expect(read(descriptor, &old, 3) == 3)
            #expect(old == [1, 2, 3])
        }
    }

    @Test("a folder that was moved away gets no empty one in its place")
    func movedAway() throws {
        try withScratchFolder { scratch in
            let desk = Folder(scratch.path(of: "above/desk"))
            let inner = desk.folder("runtime").folder("logs")
            #expect(code { try inner.create() } == .notFound)
            try desk.create()
            try inner.create()

            try scratch.move("above/desk", to: "elsewhere")

            #expect(code { try inner.create() } == .notFound)
            #expect(code { try inner.folder("more/still").create() } == .notFound)
            #expect(try scratch.folder("above").names().isEmpty)
            #expect(scratch.folder("elsewhere/runtime/logs").exists)
            #expect(desk.folder("runtime") == Folder(desk.path(of: "runtime")))
        }
    }

    @Test("a failed replacement keeps the old file and leaves no part")
    func failed() throws {
        try withScratchFolder { folder in
            try folder.folder("taken/inner").create()

            #expect(code { try folder.replace("taken", with: [1]) } == .wrongKind)
            #expect(try folder.names() == ["taken"])
            #expect(code { try folder.replace("missing/file", with: [1]) } == .notFound)
        }
    }

    @Test("a link or a pipe planted where the part goes is not written through")
    func plantedPart() throws {
        try withScratchFolder { folder in
            try folder.replace("victim", with: [1])
            try #require(symlink("victim", folder.path(of: "a.part")) == 0)
            try #require(link(folder.path(of: "victim"), folder.path(of: "b.part")) == 0)
            try #require(mkfifo(folder.path(of: "c.part"), 0o600) == 0)

            for name in ["a", "b", "c"] { try folder.replace(name, with: [2]) }

            #expect(try folder.read("victim") == [1])
            #expect(try folder.names() == ["a", "b", "c", "victim"])
        }
    }

    @Test("appending creates the file and adds to its end, but follows no link and no pipe")
    func append() throws {
        try withScratchFolder { folder in
            try folder.append([1], to: "file")
            try folder.append([2, 3], to: "file")
            try #require(symlink("file", folder.path(of: "link")) == 0)
            try #require(mkfifo(folder.path(of: "pipe"), 0o600) == 0)

            #expect(try folder.read("file") == [1, 2, 3])
            #expect(code { try folder.append([4], to: "link") } == .wrongKind)
            #expect(code { try folder.append([4], to: "pipe") } == .wrongKind)
            #expect(code { try folder.append([4], to: "missing/file") } == .notFound)
        }
    }

    @Test("a million bytes go in and come out")
    func large() throws {
        try withScratchFolder { folder in
            let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try folder.replace("file", with: bytes)

            #expect(try folder.read("file") == bytes)
        }
    }

    @Test("a move replaces what had the new name, and names what is missing")
    func move() throws {
        try withScratchFolder { folder in
            try folder.replace("a", with: [1])
            try folder.replace("b", with: [2])
            try folder.move("a", to: "b")

            #expect(try folder.names() == ["b"])
            #expect(try folder.read("b") == [1])
            #expect(code { try folder.move("a", to: "c") } == .notFound)
        }
    }

    @Test("flushing a folder that is not there fails")
    func flush() throws {
        try withScratchFolder { folder in
            try folder.flush()

            #expect(code { try folder.folder("missing").flush() } == .notFound)
        }
    }

    @Test("folders are created with those above them, twice without harm, but not over a file")
    func create() throws {
        try withScratchFolder { folder in
            let deep = folder.folder("a/b/c")
            try deep.create()
            try deep.create()
            try folder.replace("file", with: [1])

            #expect(deep.exists)
            #expect(folder.contains("a/b") && !folder.contains("x"))
            #expect(code { try folder.folder("file").create() } == .exists)
            #expect(code { try folder.folder("file/inner").create() } != nil)
            #expect(!folder.folder("file").exists)
        }
    }

    @Test("a file is cut off, and what is no file cannot be")
    func cutting() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: Array("0123456789".utf8))

            try folder.cut("file", to: 4)

            #expect(try folder.read("file") == Array("0123".utf8))
            #expect(code { try folder.cut("missing", to: 0) } == .notFound)
        }
    }

    @Test("names are sorted by their bytes")
    func names() throws {
        try withScratchFolder { folder in
            // The last two look alike; their bytes differ, and so does their place.
            for name in ["b", "a", "Z", "é", "e\u{301}", "10", "9", ".hidden"] {
                try folder.append([], to: name)
            }

            let names = try folder.names()

            let expected = [".hidden", "10", "9", "Z", "a", "b", "e\u{301}", "é"]
            #expect(names.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
            #expect(code { _ = try folder.folder("missing").names() } == .notFound)
            #expect(code { _ = try folder.folder("a").names() } == .wrongKind)
        }
    }
}
