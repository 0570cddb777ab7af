// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing

/// Runs a test with an empty folder that is removed afterwards.
func withScratchFolder(_ body: (Folder) throws -> Void) throws {
    var template = Array("/tmp/loopdesk-basics-XXXXXX".utf8CString)
    let made = mkdtemp(&template)
    let folder = Folder(String(cString: try #require(made)))
    defer { #expect(throws: Never.self) { try folder.removeAll() } }
    try body(folder)
}
