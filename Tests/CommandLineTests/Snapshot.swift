// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Testing
import TestSupport

/// Compares a text with the file of that name in Snapshots.
///
/// A missing file is written and fails the test, and so does RECORD_SNAPSHOTS=1: what was recorded
/// is to be read before it is trusted.
func expectSnapshot(
    _ text: String,
    _ name: String,
    in file: String = #filePath,
    at location: SourceLocation = #_sourceLocation
) throws {
    let tests = file.split(separator: "/").dropLast().joined(separator: "/")
    let folder = Folder("/\(tests)/Snapshots")
    let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
    guard !isRecording, folder.contains(name) else {
        try folder.create()
        try folder.replace(name, with: Array(text.utf8))
        Issue.record("recorded \(name); read it, then run again", sourceLocation: location)
        return
    }
    let expected = String(decoding: try folder.read(name), as: UTF8.self)
    #expect(text == expected, sourceLocation: location)
}
