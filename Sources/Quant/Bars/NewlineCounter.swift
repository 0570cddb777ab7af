// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Counts line feeds, sixteen bytes at a time.
enum NewlineCounter {
    /// The number of line feeds in a range of some bytes.
    static func count(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Int {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= bytes.count,
            "the range lies within the bytes"
        )
        guard let base = bytes.baseAddress else { return 0 }
        let raw = UnsafeRawPointer(base)
        let feed = SIMD16<UInt8>(repeating: 0x0A)
        let one = SIMD16<UInt8>(repeating: 1)
        var index = range.lowerBound
        var total = 0
        while index + 16 <= range.upperBound {
            var sums = SIMD16<UInt8>()
            // Each byte of the sums can count to 255.
            let stop = min(range.upperBound - 15, index + 16 * 255)
            while index < stop {
                let block = raw.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
                sums.replace(with: sums &+ one, where: block .== feed)
                index += 16
            }
            for lane in 0..<16 { total += Int(sums[lane]) }
        }
        while index < range.upperBound {
            if base[index] == 0x0A { total += 1 }
            index += 1
        }
        return total
    }
}
