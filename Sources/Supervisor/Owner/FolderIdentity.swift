// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Which folder a path leads to; another one made in its place has another identity.
struct FolderIdentity: Hashable {
    private let device: UInt
    private let file: UInt
    /// Whether it is a file with content, and no folder, pipe or device.
    let isFile: Bool

    /// Looks at a path; nil when nothing is there.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        file = UInt(status.st_ino)
        isFile = status.st_mode & S_IFMT == S_IFREG
    }
}
