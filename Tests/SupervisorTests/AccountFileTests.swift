// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("The file of the account", .scratchFolder)
struct AccountFileTests {
    @Test("is written on a desk that has no files of bars", arguments: [true, false])
    func noFilesOfBars(isLive: Bool) throws {
        let desk = DeskFolder("\(try ScratchFolder.path)/desk")
        try desk.root.create()
        let file = AccountFile(desk)

        try file.write(["equity": "100.5"], [:], isLive: isLive)

        #expect(try file.load() == ["account": ["equity": "100.5"], "invocations": [:]])
    }
}
