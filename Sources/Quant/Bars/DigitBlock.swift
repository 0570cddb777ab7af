// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Eight bytes of text that are looked at together; the first byte is the lowest.
struct DigitBlock {
    /// The bytes, each less `0` without borrowing: a digit is then its own value.
    private let offsets: UInt64

    @inline(__always)
    init(at bytes: UnsafePointer<UInt8>) {
        let loaded = UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)
        offsets = UInt64(littleEndian: loaded) ^ 0x3030_3030_3030_3030
    }

    /// The number of digits in front of the first byte that is none.
    @inline(__always)
    var count: Int {
        let others = ((offsets &+ 0x7676_7676_7676_7676) | offsets) & 0x8080_8080_8080_8080
        return others.trailingZeroBitCount &>> 3
    }

    /// The number that the first so many digits make, from 1 to 8 of them.
    @inline(__always)
    func value(of count: Int) -> UInt64 {
        // Shifted up, so that zeros stand before the first digit; then pairs, then all.
        let aligned = offsets &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        let pairs = aligned &* 10 &+ aligned &>> 8
        let odd = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let even = (pairs &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (odd &+ even) &>> 32
    }

    /// The second of the day when the bytes are `hh:mm:ss`; -1 for anything else.
    @inline(__always)
    var secondOfDay: Int64 {
        let clock = offsets ^ 0x0000_0A00_000A_0000
        let others = ((clock &+ 0x7676_7F76_767F_7676) | clock) & 0x8080_8080_8080_8080
        let pairs = clock &* 10 &+ clock &>> 8
        let hour = Int64(truncatingIfNeeded: pairs & 0xFF)
        let minute = Int64(truncatingIfNeeded: pairs &>> 24 & 0xFF)
        let second = Int64(truncatingIfNeeded: pairs &>> 48 & 0xFF)
        guard others == 0, hour < 24, minute < 60, second < 60 else { return -1 }
        return (hour &* 60 &+ minute) &* 60 &+ second
    }
}
