// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Supervisor

/// The options that every command about a desk has.
struct DeskOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The desk's folder.", valueName: "folder"))
    var desk = "."

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    /// The desk's folder as an absolute path without links.
    func path() throws -> String {
        guard let resolved = realpath(desk, nil) else {
            throw Failure(
                "no such folder: \(desk); make a desk with loopdesk init \(desk)",
                .notFound
            )
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Opens and checks the desk.
    func open() throws -> OpenDesk {
        try OpenDesk.open(at: try path(), zones: SystemZones().database)
    }
}
