// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Keeps the greater value.
public enum Greatest: ExtremeOrder {
    /// The value that no other is less than.
    public static var worst: Double { -.infinity }

    /// The greater of two values.
    @inline(__always)
    public static func better(_ left: Double, _ right: Double) -> Double {
        left > right ? left : right
    }
}
