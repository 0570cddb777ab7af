// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CFused

/// Uses the instruction unasked, for loops with so many sums that the question would cost.
enum InstructionFused: FusedMethod {
    /// Whether the machine has the instruction.
    static var isPossible: Bool { desk_fuses() != 0 }

    @inline(__always)
    static func sum(_ a: Double, _ b: Double, _ c: Double) -> Double { desk_fused_now(a, b, c) }
}
