// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Takes times, and keeps and prints the figures.
final class Bench {
    private(set) var figures: [Figure] = []
    /// Something of every result, so that no work can be left out as unused.
    private(set) var checksum = 0.0
    /// What the name of a figure must contain to be measured.
    private let part: String

    init(only part: String) {
        self.part = part
    }

    /// Whether all figures are measured, those included that take long to prepare.
    var isWhole: Bool { part.isEmpty }

    /// Times a piece of work after one run that warms it up, and prints the figure.
    func measure(
        _ name: String,
        unit: String = "",
        count: Int,
        rounds: Int = 9,
        target: Double? = nil,
        _ body: () throws -> [(name: String, value: Double)]
    ) rethrows {
        guard part.isEmpty || name.contains(part) else { return }
        let clock = ContinuousClock()
        var results: [(name: String, value: Double)] = []
        var times: [Double] = []
        for _ in 0...rounds {
            let begun = clock.now
            results = try body()
            let seconds = (clock.now - begun) / .seconds(1)
            times.append(unit.isEmpty ? seconds * 1000 : seconds * 1e9 / Double(count))
        }
        for result in results { checksum += result.value }
        figures.append(
            Figure(
                name: name,
                unit: unit,
                count: count,
                first: times[0],
                rounds: Array(times.dropFirst()),
                target: target,
                results: results
            )
        )
        print(figures[figures.count - 1].row)
    }

    /// All figures, a line of JSON each.
    var lines: String { figures.map { $0.json + "\n" }.joined() }
}
