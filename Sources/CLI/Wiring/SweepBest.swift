// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The best combinations so far, by one figure.
struct SweepBest {
    /// The name of the figure.
    let figure: String
    /// The most that are kept.
    let most: Int
    /// The best first; of equal ones that which comes first in the grid.
    private(set) var lines: [SweepLine] = []

    init(by figure: String, most: Int) {
        self.figure = figure
        self.most = most
    }

    /// Takes a combination in if it is good enough; one without the figure never is.
    mutating func add(_ line: SweepLine) {
        guard most > 0, let value = worth(line) else { return }
        if lines.count == most, let last = lines.last, value <= worth(last) ?? -.infinity { return }
        let place = lines.firstIndex { worth($0) ?? -.infinity < value } ?? lines.count
        lines.insert(line, at: place)
        if lines.count > most { lines.removeLast() }
    }

    private func worth(_ line: SweepLine) -> Double? {
        line.figure(figure).map { SweepLine.losses.contains(figure) ? -$0 : $0 }
    }
}
