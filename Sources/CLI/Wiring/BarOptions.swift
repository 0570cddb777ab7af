// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics

/// Which bars a strategy is run on.
struct BarOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The file of bars.", valueName: "file"))
    var data: String

    @Option(
        help: ArgumentHelp(
            "The first day or instant to trade; earlier bars only warm indicators up.",
            valueName: "time"
        )
    )
    var from: String?

    @Option(help: ArgumentHelp("The last day or instant to trade.", valueName: "time"))
    var through: String?

    /// The window, both ends included; nil for all bars.
    func window() throws -> (from: Instant, through: Instant)? {
        guard from != nil || through != nil else { return nil }
        let first = try from.map { try Self.instant($0, "--from") }
        let last = try through.map { text in
            let instant = try Self.instant(text, "--through")
            // A day ends with its last nanosecond.
            let isDay = CalendarDate(text) != nil
            return isDay
                ? Instant(nanosecondsSinceEpoch: instant.nanosecondsSinceEpoch + Self.day - 1)
                : instant
        }
        let window = (
            from: first ?? Instant(nanosecondsSinceEpoch: .min),
            through: last ?? Instant(nanosecondsSinceEpoch: .max)
        )
        guard window.from <= window.through else {
            throw ValidationError("--from must not be after --through.")
        }
        return window
    }

    private static let day: Int64 = 86_400_000_000_000

    private static func instant(_ text: String, _ option: String) throws -> Instant {
        let latest = Instant(nanosecondsSinceEpoch: .max - day)
        guard let instant = Instant(text), instant <= latest else {
            throw ValidationError(
                "\(option): '\(text)' is no day such as 2024-01-31 and no time such as"
                    + " 2024-01-31T09:30:00Z, from 1678 to 2261."
            )
        }
        return instant
    }
}
