// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The length of a bar that is made of shorter ones.
public enum BarPeriod: Sendable, Hashable, CustomStringConvertible {
    /// So many minutes of trading, from 1 to 720.
    case minutes(Int)
    /// One trading day.
    case day
    /// The trading days from a Monday to a Sunday.
    case week

    /// Reads `30m`, `4h`, `1d` or `1w`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard let unit = text.last, let count = Int(text.dropLast()), count > 0, count <= 720,
            text.first != "+"
        else { return nil }
        switch unit {
        case "m": self = .minutes(count)
        case "h" where count <= 12: self = .minutes(count * 60)
        case "d" where count == 1: self = .day
        case "w" where count == 1: self = .week
        default: return nil
        }
    }

    /// The seconds from the beginning of such a bar to its end, at most.
    var seconds: Int64 {
        switch self {
        case .minutes(let count): Int64(count) * 60
        case .day: 86_400
        case .week: 7 * 86_400
        }
    }

    /// The period as it is read.
    public var description: String {
        switch self {
        case .minutes(let count): count % 60 == 0 ? "\(count / 60)h" : "\(count)m"
        case .day: "1d"
        case .week: "1w"
        }
    }
}
