// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which of two values an extreme keeps.
public protocol ExtremeOrder {
    /// The value that no other beats.
    static var worst: Double { get }
    /// The one of two values to keep.
    static func better(_ left: Double, _ right: Double) -> Double
}
