// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension [UInt8] {
    /// The lines that begin with some bytes, without their line feeds; the last may be without one.
    ///
    /// Others are passed over at the speed of the C library.
    public func lines(beginningWith beginning: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < count {
            let end = firstLineFeed(from: start) ?? count
            let line = self[start..<end]
            if line.starts(with: beginning) { lines.append(line) }
            start = end + 1
        }
        return lines
    }

    private func firstLineFeed(from start: Int) -> Int? {
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
