// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What annual figures assume.
struct ReturnConventions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The periods in a year.", valueName: "n")
    )
    var periods = 252.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The riskless rate per year, as a share.", valueName: "rate")
    )
    var rf = 0.0

    /// Refuses what no year can have; the commands call it with their own checks.
    func check() throws {
        guard periods > 0, periods.isFinite else {
            throw ValidationError("--periods must be a number above 0.")
        }
        guard rf.isFinite else {
            throw ValidationError("--rf must be a finite number.")
        }
    }
}
