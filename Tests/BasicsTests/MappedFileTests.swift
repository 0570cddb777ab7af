// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Mapped files")
struct MappedFileTests {
    private func bytes(_ file: MappedFile) -> [UInt8] { file.withBytes { Array($0) } }

    @Test("a mapped file has the bytes of the file")
    func same() throws {
        try withScratchFolder { folder in
            let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
            try folder.replace("file", with: content)

            let file = try folder.map("file")

            #expect(file.count == 10_000)
            #expect(bytes(file) == content)
        }
    }

    @Test("an empty file has no bytes")
    func empty() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: [])

            #expect(bytes(try folder.map("file")).isEmpty)
        }
    }

    @Test("a file that is replaced or removed keeps its bytes while it is mapped")
    func replaced() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: [1, 2, 3])
            let file = try folder.map("file")

            try folder.replace("file", with: [4])
            try folder.removeFile("file")

            #expect(bytes(file) == [1, 2, 3])
        }
    }

    @Test("what cannot be mapped is an error with its kind")
    func refused() throws {
        try withScratchFolder { folder in
            try folder.replace("file", with: [1, 2, 3])

            let absent = #expect(throws: FileError.self) { try folder.map("none") }
            let long = #expect(throws: FileError.self) { try folder.map("file", limitBytes: 2) }
            let kind = #expect(throws: FileError.self) { try folder.map(".") }

            #expect(absent?.code == .notFound && long?.code == .tooLarge)
            #expect(long?.description.contains("3 bytes") == true)
            #expect(kind?.code == .wrongKind)
        }
    }
}
