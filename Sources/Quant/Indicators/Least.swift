// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Keeps the lesser value.
public enum Least: ExtremeOrder {
    /// The value that no other is greater than.
    public static var worst: Double { .infinity }

    /// The lesser of two values.
    @inline(__always)
    public static func better(_ left: Double, _ right: Double) -> Double {
        left < right ? left : right
    }
}
