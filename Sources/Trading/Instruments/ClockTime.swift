// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An hour and a minute of a market's own clock.
public struct ClockTime: Sendable, Hashable, CustomStringConvertible {
    /// The hour, 0 to 23.
    public let hour: Int
    /// The minute.
    public let minute: Int

    /// Creates a time; nil outside a day.
    public init?(hour: Int, minute: Int) {
        guard (0..<24).contains(hour), (0..<60).contains(minute) else { return nil }
        self.hour = hour
        self.minute = minute
    }

    /// Reads `02:30`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            let hour = Int(parts[0]), let minute = Int(parts[1])
        else { return nil }
        self.init(hour: hour, minute: minute)
    }

    /// The time as `02:30`.
    public var description: String {
        (hour < 10 ? "0\(hour)" : "\(hour)") + (minute < 10 ? ":0\(minute)" : ":\(minute)")
    }
}
