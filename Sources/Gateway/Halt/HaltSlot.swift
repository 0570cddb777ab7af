// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One of the two places of the latch: a hash, a blank, a line of JSON, zeros.
///
/// A place that was never written is all zeros. Anything else that does not fit its hash is damage.
enum HaltSlot: Equatable {
    case empty
    case value(JSON)
    case damaged

    static let bytes = 4_096

    init(_ bytes: [UInt8]) {
        guard bytes.contains(where: { $0 != 0 }) else {
            self = .empty
            return
        }
        let line = bytes.prefix { $0 != 0x0A }
        let parts = line.split(separator: 0x20, maxSplits: 1)
        // Whatever is wrong with the text, the place is damaged.
        guard line.count < bytes.count, parts.count == 2,
            // No JSON is damage as well.
            let value = try? JSON(parsing: Array(parts[1])),
            Array(parts[0]) == Array(Self.hash(Array(parts[1])).utf8)
        else {
            self = .damaged
            return
        }
        self = .value(value)
    }

    /// The bytes of a value, which has to be short enough.
    static func encode(_ value: JSON) -> [UInt8] {
        let text = value.compactBytes
        var bytes = Array(hash(text).utf8) + [0x20] + text + [0x0A]
        precondition(bytes.count <= Self.bytes, "what a latch holds has a limit")
        bytes += [UInt8](repeating: 0, count: Self.bytes - bytes.count)
        return bytes
    }

    private static func hash(_ text: [UInt8]) -> String { ContentHash(of: text).description }
}
