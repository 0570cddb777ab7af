// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CFused

/// Looks at each sum whether the machine has an instruction for it.
enum CheckedFused: FusedMethod {
    @inline(__always)
    static func sum(_ a: Double, _ b: Double, _ c: Double) -> Double { desk_fused(a, b, c) }
}
