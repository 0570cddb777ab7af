// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A positive span of wall time, written `500ms`, `30s`, `5m`, `1h` or `7d`.
public struct TimeLimit: Sendable, Hashable, CustomStringConvertible {
    /// The span in milliseconds.
    public let milliseconds: Int64

    /// Creates a span.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Reads a span; nil when it has no unit, is not positive, or exceeds a year.
    public init?(_ text: String) {
        let units: [(String, Int64)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        guard let (suffix, factor) = units.first(where: { text.hasSuffix($0.0) }),
            let count = Int64(text.dropLast(suffix.count)), count > 0,
            count <= 31_536_000_000 / factor
        else { return nil }
        milliseconds = count * factor
    }

    /// The span in the largest unit that divides it.
    public var description: String {
        let units: [(String, Int64)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
        ]
        for (suffix, factor) in units where milliseconds % factor == 0 {
            return "\(milliseconds / factor)\(suffix)"
        }
        return "\(milliseconds)ms"
    }
}
