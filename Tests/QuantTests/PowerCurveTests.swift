// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Power curve")
struct PowerCurveTests {
    /// A row of the study's table.
    private struct Line {
        let returns: Int
        let trials: Int
        let point: PowerCurve.Point
        /// What was accepted when every trial was submitted, and by the simple rule; of noise only.
        let every: Int?
        let simple: Int?
    }

    private static func study() throws -> [Line] {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        let bytes = try Folder("\(root)/docs").read("gate-study.csv")
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return try lines.dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(
                String.init
            )
            try #require(fields.count == 9)
            return Line(
                returns: try #require(Int(fields[1])),
                trials: try #require(Int(fields[2])),
                point: PowerCurve.Point(
                    sharpe: try #require(Double(fields[3])),
                    accepted: try #require(Int(fields[6])),
                    markets: try #require(Int(fields[5]))
                ),
                every: Int(fields[7]),
                simple: Int(fields[8])
            )
        }
    }

    @Test("the curve in a verdict is the one that the study measured")
    func measured() throws {
        let lines = try Self.study()

        let known = PowerCurve.measured.rows.flatMap { row in
            row.points.map { "\(row.returns) \(row.trials) \($0)" }
        }

        #expect(Set(lines.map { "\($0.returns) \($0.trials) \($0.point)" }) == Set(known))
        #expect(known.count == lines.count && known.count == 30)
    }

    @Test("the study found no more than one acceptance in a hundred without an edge")
    func noise() throws {
        let lines = try Self.study().filter { $0.point.sharpe == 0 }

        #expect(lines.count == 6)
        for line in lines {
            #expect(line.point.markets >= 300)
            #expect(line.point.accepted * 100 <= line.point.markets)
            #expect(try #require(line.every) * 100 <= line.point.markets)
        }
        let many = try #require(lines.first { $0.trials == 200 })
        #expect(try #require(many.simple) * 4 > many.point.markets)
    }

    @Test(
        "the study found what skill over ten years must get through",
        arguments: [
            (2.0, 10, 55), (2, 50, 55), (2, 200, 55), (3, 10, 90), (3, 50, 90), (3, 200, 90),
        ]
    )
    func skill(_ sharpe: Double, _ trials: Int, _ percent: Int) throws {
        let line = try #require(
            try Self.study().first {
                $0.point.sharpe == sharpe && $0.returns > 2000 && $0.trials == trials
            }
        )

        #expect(line.point.accepted * 100 >= percent * line.point.markets)
    }

    @Test(
        "a sample is shown the power of one that is not longer, with no fewer trials",
        arguments: [
            (754, 10, "755-10"), (755, 1, "755-10"), (2000, 11, "755-50"), (2015, 50, "2015-50"),
            (9000, 51, "2015-200"), (9000, 5000, "2015-200"),
        ]
    )
    func row(_ returns: Int, _ trials: Int, _ expected: String) {
        let row = PowerCurve.measured.row(returns: returns, trials: trials)

        #expect(row.map { "\($0.returns)-\($0.trials)" } == (returns < 755 ? nil : expected))
    }
}
