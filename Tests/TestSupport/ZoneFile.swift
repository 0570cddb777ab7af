// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Compiled rules of time zones (RFC 8536), made for tests so that they need no files.
public enum ZoneFile {
    /// A file of version 2 with transitions to offsets and a rule for all later time.
    /// - Parameters:
    ///   - transitions: When the offset changes, and the place of the new one among the offsets.
    ///   - offsets: The offsets in seconds east of UTC; the first holds before all transitions.
    ///   - rule: The rule in the form of the variable `TZ`.
    /// - Returns: The bytes of the file.
    public static func make(
        _ transitions: [(Int64, UInt8)] = [],
        _ offsets: [Int64] = [0],
        rule: String
    ) -> [UInt8] {
        var octets = header(0, 1) + Array(repeating: 0, count: 6 + 4)
        octets += header(transitions.count, offsets.count)
        octets += transitions.flatMap { bigEndian($0.0, size: 8) }
        octets += transitions.map(\.1)
        octets += offsets.flatMap { bigEndian($0, size: 4) + [0, 0] }
        return octets + Array("LMT\0".utf8) + Array("\n\(rule)\n".utf8)
    }

    private static func header(_ times: Int, _ kinds: Int) -> [UInt8] {
        Array("TZif2".utf8) + Array(repeating: 0, count: 15)
            + [0, 0, 0, times, kinds, 4].flatMap { bigEndian(Int64($0), size: 4) }
    }

    private static func bigEndian(_ number: Int64, size: Int) -> [UInt8] {
        (0..<size).reversed().map { UInt8(truncatingIfNeeded: number >> (Int64($0) * 8)) }
    }
}
