// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant

/// The counts of a study as one picture that needs nothing else.
struct StudyPicture {
    private let cells: [Study.Cell]
    private static let colours = ["#0b6e99", "#d9730d", "#6b4f9e"]
    private static let width = 900, height = 380

    init(_ cells: [Study.Cell]) {
        self.cells = cells
    }

    var svg: String {
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.width) \(Self.height)\""
                + " font-family=\"sans-serif\" font-size=\"12\">",
            "<title>What the gate accepts, by true Sharpe ratio</title>",
            "<rect width=\"\(Self.width)\" height=\"\(Self.height)\" fill=\"#ffffff\"/>",
        ]
        for (place, sessions) in Study.lengths.enumerated() {
            parts += panel(sessions, left: 60 + place * 430)
        }
        return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func panel(_ sessions: Int, left: Int) -> [String] {
        let (top, wide, high) = (50, 340, 240)
        func x(_ ratio: Double) -> Int { left + Int((ratio / 3 * Double(wide)).rounded()) }
        func y(_ share: Double) -> Int { top + high - Int((share * Double(high)).rounded()) }
        var parts = [
            "<text x=\"\(left)\" y=\"\(top - 22)\" font-size=\"14\">\(sessions / 252) years,"
                + " the last two sealed</text>"
        ]
        for tenth in stride(from: 0, through: 10, by: 2) {
            let height = y(Double(tenth) / 10)
            parts.append(
                "<path d=\"M\(left) \(height)H\(left + wide)\" stroke=\"#dddddd\"/>"
                    + "<text x=\"\(left - 6)\" y=\"\(height + 4)\" text-anchor=\"end\">"
                    + "\(tenth * 10) %</text>"
            )
        }
        let own = cells.filter { $0.sessions == sessions }
        for cell in own {
            parts.append(
                "<text x=\"\(x(cell.ratio))\" y=\"\(top + high + 18)\" text-anchor=\"middle\">"
                    + "\(cell.ratio)</text>"
            )
        }
        parts.append(
            "<text x=\"\(left + wide / 2)\" y=\"\(top + high + 40)\" text-anchor=\"middle\">"
                + "true annual Sharpe ratio after costs</text>"
        )
        for (place, budget) in ResearchLoop.budgets.enumerated() {
            let colour = Self.colours[place]
            let points = own.map {
                (x($0.ratio), y(Double($0.best[place]) / Double($0.markets)))
            }
            let line = points.map { "\($0.0),\($0.1)" }.joined(separator: " ")
            parts.append(
                "<polyline points=\"\(line)\" fill=\"none\" stroke=\"\(colour)\""
                    + " stroke-width=\"2\"/>"
            )
            parts += points.map {
                "<circle cx=\"\($0.0)\" cy=\"\($0.1)\" r=\"3.5\" fill=\"\(colour)\"/>"
            }
            parts.append(
                "<text x=\"\(left + 12)\" y=\"\(top + 16 + place * 17)\" fill=\"\(colour)\">"
                    + "gate, best of \(budget)</text>"
            )
        }
        for (place, budget) in ResearchLoop.budgets.enumerated() {
            guard let noise = own.first(where: { $0.ratio == 0 }) else { continue }
            let share = Double(noise.simple[place]) / Double(noise.markets)
            let colour = Self.colours[place]
            parts.append(
                "<path d=\"M\(left - 4) \(y(share))h8m-4 -4v8\" stroke=\"\(colour)\""
                    + " stroke-width=\"2\"/><text x=\"\(left + 8)\" y=\"\(y(share) + 4)\""
                    + " fill=\"\(colour)\">simple rule, noise, \(budget)</text>"
            )
        }
        return parts
    }
}
