// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Desk
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

    /// As ``open()``, for a command that only reads.
    ///
    /// While somebody edits the configuration, it goes by the one with which the desk was up last,
    /// and says so.
    func openToRead() throws -> OpenDesk {
        let zones = SystemZones().database
        do {
            return try OpenDesk.open(at: try path(), zones: zones)
        } catch let error as DeskError {
            guard let desk = try OpenDesk.openLastGood(at: try path(), zones: zones) else {
                throw error
            }
            Console().note(
                "\(error.problems.first?.file ?? DeskConfiguration.fileName) cannot be used, as"
                    + " loopdesk doctor tells; this goes by the last good configuration"
            )
            return desk
        }
    }
}
