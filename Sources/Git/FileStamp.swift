// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The part of a file's status that changes when somebody writes to it or replaces it.
struct FileStamp: Equatable, Sendable {
    private let file: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    init(_ status: stat) {
        file = UInt(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_ctim.tv_sec
        nanoseconds = status.st_ctim.tv_nsec
    }
}
