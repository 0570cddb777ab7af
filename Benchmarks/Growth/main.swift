// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Commits very many turns through the code that a desk commits with, and prints what a turn costs
// at the beginning and at the end, the memory, the packs and the disk; see docs/growth.md.

import Basics
import Git
import Glibc
import Processes

let turns = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000
let disk = CommandLine.arguments.dropFirst(2).first ?? "/tmp"
let base = Folder("\(disk)/loopdesk-growth-\(getpid())")
try base.create()
defer {
    // What stays behind in the temporary folder harms nobody.
    try? base.removeAll()
}

let growth = try Growth(path: base.path(of: "desk"), clock: SystemClock())
try growth.run(turns: turns)
