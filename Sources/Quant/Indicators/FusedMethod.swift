// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A way to compute `a * b + c` with one rounding; all ways give the same bits.
protocol FusedMethod {
    static func sum(_ a: Double, _ b: Double, _ c: Double) -> Double
}
