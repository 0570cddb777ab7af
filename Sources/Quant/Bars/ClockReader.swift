// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Reads times in their usual forms; remembers the last date, which the next row mostly shares.
struct ClockReader {
    private var lastHead: UInt64 = 0
    private var lastTail: UInt16 = 0
    private var midnight: Int64 = 0

    private static let dayNanoseconds: Int64 = 86_400_000_000_000

    /// Reads `2000-01-03`, alone or with `T09:30:00` or ` 09:30:00` and then nothing, `Z` or
    /// `+00:00`, and returns what is behind it; nil for any other form, which may be right too.
    @inline(__always)
    mutating func read(_ place: UnsafePointer<UInt8>) -> (UnsafePointer<UInt8>, Instant)? {
        let raw = UnsafeRawPointer(place)
        let head = raw.loadUnaligned(as: UInt64.self)
        let tail = raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
        if head != lastHead || tail != lastTail {
            guard readDate(place) else { return nil }
            lastHead = head
            lastTail = tail
        }
        let separator = place[10]
        guard separator == 0x54 || separator == 0x20 else {
            return (place + 10, Instant(nanosecondsSinceEpoch: midnight))
        }
        let second = DigitBlock(at: place + 11).secondOfDay
        guard second >= 0 else { return nil }
        let instant = Instant(nanosecondsSinceEpoch: midnight &+ second &* 1_000_000_000)
        switch place[19] {
        case 0x5A: return (place + 20, instant)
        case 0x2B where Self.isZero(place + 20): return (place + 25, instant)
        default: return (place + 19, instant)
        }
    }

    /// Whether an offset from UTC is `00:00`.
    private static func isZero(_ place: UnsafePointer<UInt8>) -> Bool {
        place[0] == 0x30 && place[1] == 0x30 && place[2] == 0x3A && place[3] == 0x30
            && place[4] == 0x30
    }

    private mutating func readDate(_ place: UnsafePointer<UInt8>) -> Bool {
        let field = UnsafeBufferPointer(start: place, count: 10)
        guard let instant = NumberReader.instant(field) else { return false }
        midnight = instant.nanosecondsSinceEpoch
        return true
    }
}
