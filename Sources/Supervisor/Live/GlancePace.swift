// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How often a live desk looks around: less often once there has been nothing to do for a while.
struct GlancePace {
    /// How many looks without anything to do make a desk calm.
    static let calmAfter = 10
    /// How long a calm desk waits between two looks.
    static let calm: Duration = .seconds(4)

    private var idle = 0

    /// The wait until the next look.
    mutating func next(isCalm: Bool) -> Duration {
        idle = isCalm ? min(idle + 1, Self.calmAfter) : 0
        return idle < Self.calmAfter ? LiveDesk.glance : Self.calm
    }
}
