// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a bar lets one's own fills have.
struct Liquidity {
    /// The units that are left for them.
    var room: Double
    /// All that was traded; 0 where nobody says.
    let volume: Double
    /// The limits of the day; nil for none.
    let limits: PriceLimits<Double>?

    /// For what is closed by force, at once and as a whole.
    static let unbounded = Liquidity(room: .infinity, volume: 0, limits: nil)

    /// Takes as many of some units as there is room for.
    mutating func take(_ units: Double) -> Double {
        let part = min(abs(units), room)
        room = Execution.rest(room, part)
        return units < 0 ? -part : part
    }
}
