// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing

@Suite("A file that stays open")
struct AppendedFileTests {
    @Test("bytes are added to what is there, flushed or not, and others read them at once")
    func adding() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: [1])
            var file = AppendedFile(in: folder, "file")

            try file.append([2, 3])
            try file.append([4], durable: true)

            #expect(try folder.read("file") == [1, 2, 3, 4])
        }
    }

    @Test("a file that was removed is begun anew, and one that was replaced is gone on with")
    func changed() throws {
        try withScratchFolder { folder in
            var file = AppendedFile(in: folder, "file")
            try file.append([1])

            try folder.removeFile("file")
            try file.append([2])
            #expect(try folder.read("file") == [2])

            try file.replace(with: [3])
            try file.append([4])
            #expect(try folder.read("file") == [3, 4])
        }
    }

    @Test("no link is followed, and what cannot be written says where")
    func refused() throws {
        try withScratchFolder { folder in
            try folder.replace("other", with: [1])
            #expect(symlink(folder.path(of: "other"), folder.path(of: "link")) == 0)

            let error = #expect(throws: FileError.self) {
                var file = AppendedFile(in: folder, "link")
                try file.append([2])
            }

            #expect(error?.path == folder.path(of: "link"))
            #expect(try folder.read("other") == [1])
        }
    }
}
