// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension PowerCurve {
    /// The curve of this version of the gate with its default thresholds, as
    /// `docs/gate-study.csv` has it; a test compares the two.
    public static let measured = PowerCurve(rows: [
        row(755, 10, of: 300, [(0, 0), (1.5, 25), (2, 87), (2.5, 182), (3, 249)]),
        row(755, 50, of: 300, [(0, 0), (1.5, 16), (2, 57), (2.5, 158), (3, 235)]),
        row(755, 200, of: 300, [(0, 0), (1.5, 5), (2, 31), (2.5, 115), (3, 212)]),
        row(2015, 10, of: 300, [(0, 0), (1.5, 107), (2, 212), (2.5, 280), (3, 292)]),
        row(2015, 50, of: 300, [(0, 0), (1.5, 82), (2, 209), (2.5, 280), (3, 292)]),
        row(2015, 200, of: 300, [(0, 0), (1.5, 63), (2, 194), (2.5, 279), (3, 292)]),
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
