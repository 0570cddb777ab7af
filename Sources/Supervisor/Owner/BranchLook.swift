// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Git

/// What the folder of agents' branches looks like from outside, to see cheaply if any moved.
///
/// Git moves a reference by renaming a file into its folder, which changes the folder.
struct BranchLook: Hashable {
    private let branches: FileStamp?
    private let packed: FileStamp?

    init(_ desk: OpenDesk) {
        let common = Folder(desk.repository.commonFolder)
        branches = common.stamp(of: "refs/heads/agents")
        packed = common.stamp(of: "packed-refs")
    }
}
