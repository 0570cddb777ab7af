// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension PowerCurve {
    /// The curve of this version of the gate with its default thresholds, as
    /// `docs/gate-study.csv` has it; a test compares the two.
    public static let measured = PowerCurve(rows: [
        row(755, 10, of: 300, [(0, 0), (1.5, 18), (2, 69), (2.5, 182), (3, 226)]),
        row(755, 50, of: 300, [(0, 0), (1.5, 7), (2, 38), (2.5, 117), (3, 179)]),
        row(755, 200, of: 300, [(0, 0), (1.5, 3), (2, 15), (2.5, 58), (3, 122)]),
        row(2015, 10, of: 300, [(0, 0), (1.5, 97), (2, 209), (2.5, 272), (3, 297)]),
        row(2015, 50, of: 300, [(0, 0), (1.5, 61), (2, 178), (2.5, 263), (3, 294)]),
        row(2015, 200, of: 300, [(0, 0), (1.5, 30), (2, 118), (2.5, 214), (3, 276)]),
    ])

    private static func row(
        _ returns: Int,
        _ trials: Int,
        of markets: Int,
        _ accepted: [(sharpe: Double, count: Int)]
    ) -> Row {
        Row(
            returns: returns,
            trials: trials,
            points: accepted.map {
                Point(sharpe: $0.sharpe, accepted: $0.count, markets: markets)
            }
        )
    }
}
