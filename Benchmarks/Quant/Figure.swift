// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One thing that was measured, in nanoseconds for one of so many units of work.
struct Figure {
    let name: String
    /// What the time is divided by, such as `bar`; empty for the whole, in milliseconds.
    let unit: String
    let count: Int
    /// The time of the run before the rounds.
    let first: Double
    /// The time of each round.
    let rounds: [Double]
    /// What its median is to be at most.
    let target: Double?
    /// What other programs must agree with.
    var results: [(name: String, value: Double)] = []
    /// The most memory that the process had up to then.
    let peakMegabytes = Self.peak()

    var minimum: Double { rounds.min() ?? 0 }

    var median: Double {
        let sorted = rounds.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// The figure as one line of JSON.
    var json: String {
        let unit = unit.isEmpty ? "ms" : "ns/\(unit)"
        var members = [
            "\"figure\": \"\(name)\"", "\"unit\": \"\(unit)\"", "\"count\": \(count)",
            "\"median\": \(median)", "\"minimum\": \(minimum)", "\"rounds\": \(rounds.count)",
            "\"first\": \(first)",
            "\"target\": \(target.map { "\($0)" } ?? "null")", "\"peak_mb\": \(peakMegabytes)",
        ]
        members += results.map { "\"\($0.name)\": \($0.value)" }
        return "{\(members.joined(separator: ", "))}"
    }

    /// The heads of the columns of ``row``.
    static let head =
        Self.left("", 58) + Self.right("first", 10) + Self.right("median", 10)
        + Self.right("least", 10)
        + Self.right("target", 10) + Self.right("peak MB", 10)

    /// The figure as a row of a table.
    var row: String {
        Self.left("\(name), \(unit.isEmpty ? "ms" : "ns a \(unit)")", 58)
            + Self.right(Self.text(first), 10)
            + Self.right(Self.text(median), 10) + Self.right(Self.text(minimum), 10)
            + Self.right(target.map(Self.text) ?? "", 10) + Self.right("\(peakMegabytes)", 10)
            + (target.map { median > $0 ? "  above its target" : "" } ?? "")
    }

    private static func text(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let fraction = "\(thousandths % 1000)"
        let zeros = String(repeating: "0", count: 3 - fraction.count)
        return "\(thousandths / 1000).\(zeros)\(fraction)"
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    private static func peak() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    }
}
