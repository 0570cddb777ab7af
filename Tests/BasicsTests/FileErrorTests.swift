// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing

@Suite("File errors")
struct FileErrorTests {
    @Test(
        "the system's numbers become codes that a caller can act on",
        arguments: [
            (ENOENT, .notFound), (ENOTDIR, .notFound), (EEXIST, .exists), (ENOTEMPTY, .exists),
            (ENOSPC, .noSpace), (EDQUOT, .noSpace), (EACCES, .denied), (EPERM, .denied),
            (EROFS, .denied), (EFBIG, .tooLarge), (EISDIR, .wrongKind), (ELOOP, .wrongKind),
            (ENXIO, .wrongKind), (EIO, .system), (EMFILE, .system), (ENAMETOOLONG, .system),
        ] as [(Int32, FileError.Code)]
    )
    func codes(number: Int32, code: FileError.Code) {
        let error = FileError(operation: "write", path: "/a", errorNumber: number)

        #expect(error.code == code)
        #expect(error.description.hasPrefix("cannot write /a: "))
        #expect(error.reason.first?.isLowercase == true)
    }

    @Test("a full disk says what to do")
    func fullDisk() {
        let error = FileError(operation: "write", path: "/a/b", errorNumber: ENOSPC)

        #expect(
            error.description
                == "cannot write /a/b: the disk is full; free some space and run again"
        )
    }

    @Test("a write that the device refuses for lack of space is reported as such")
    func fullDevice() {
        let error = #expect(throws: FileError.self) { try Folder("/dev").append([1], to: "full") }

        #expect(error?.code == .noSpace)
    }
}
