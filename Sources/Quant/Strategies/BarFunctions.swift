// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The functions that a strategy's expressions may call.
public enum BarFunctions {
    /// One row per function, in the order in which they are explained.
    public static let table: [BarFunction] =
        averages + bands + oscillators + ranges + volumes + windows + regressions + changes
        + elements + calendar

    static let names = table.map(\.name)

    private static let byName = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0) })

    /// The function of a name; nil when there is none.
    static func named(_ name: String) -> BarFunction? { byName[name] }

    /// The table as Markdown, a line per function.
    package static var markdown: String {
        let head = "| call | meaning | bars without a value at the start |\n| --- | --- | --- |"
        let rows = table.map { row in
            "| `\(row.signature)` | \(row.meaning) | \(row.warmUp) (`\(row.example)`: "
                + "\(row.exampleWarmUp)) |"
        }
        return ([head] + rows).joined(separator: "\n") + "\n"
    }
}
