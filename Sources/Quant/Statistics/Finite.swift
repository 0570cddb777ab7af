// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The number if it is finite.
func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
}
