// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics

extension BarCSV {
    /// Reads the rows of a file, part by part on as many cores as allowed; a part has at least
    /// so many bytes that it is worth a thread of its own.
    package static func scan(
        _ file: UnsafeBufferPointer<UInt8>,
        symbol: Symbol?,
        rules: BarRules,
        now: Instant?,
        parallel: Parallel,
        leastPart: Int = 1 << 18
    ) throws(QuantError) -> ParsedBars {
        var lines = LineReader(file)
        guard let first = lines.next(), let base = file.baseAddress else {
            throw QuantError(.empty, operation: "read bars", reason: "the file is empty")
        }
        let header = try BarHeader(line: first, symbol: symbol)
        let parts = parts(of: file, from: lines.position, parallel, leastPart)
        let (headerLine, source) = (lines.number, Source(base: base, count: file.count))
        let counts = parallel.map(parts.count) { index in
            NewlineCounter.count(source.bytes, in: parts[index])
        }
        // A last line need not end in a line feed.
        guard let slab = BarSlab(capacity: counts.reduce(1, +), hasDays: header.hasDays) else {
            throw QuantError(.tooLarge, operation: "read bars", reason: "there is no memory for it")
        }
        let before = counts.indices.map { counts[..<$0].reduce(0, +) }
        let chunks = parallel.map(parts.count) { index in
            var scanner = BarScanner(
                endOfFile: source.base + source.count,
                length: source.count,
                header: header,
                symbol: symbol,
                builder: BarChunkBuilder(slab: slab, rules: rules, now: now)
            )
            return scanner.scan(
                from: source.base + parts[index].lowerBound,
                to: source.base + parts[index].upperBound,
                line: headerLine + before[index] + 1,
                row: before[index]
            )
        }
        guard chunks.contains(where: { !$0.pieces.isEmpty }) else {
            throw QuantError(
                .empty,
                operation: "read bars",
                reason: "the file has a header and no rows"
            )
        }
        var assembly = BarAssembly(slab: slab, rules: rules, now: now)
        for chunk in chunks { assembly.add(chunk) }
        return assembly.parsed(parallel)
    }

    /// The bytes of a file, which stay where they are while they are read.
    private struct Source: @unchecked Sendable {
        let base: UnsafePointer<UInt8>
        let count: Int
        var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
    }

    /// Divides the bytes behind the header at ends of lines.
    private static func parts(
        of file: UnsafeBufferPointer<UInt8>,
        from start: Int,
        _ parallel: Parallel,
        _ leastPart: Int
    ) -> [Range<Int>] {
        let length = file.count - start
        // More parts than threads, so that one slow thread does not hold up the others for long.
        let count = parallel.width == 1 ? 1 : max(1, min(parallel.width * 8, length / leastPart))
        var parts: [Range<Int>] = []
        var lower = start
        for index in 1...count {
            var upper = max(lower, start + length / count * index)
            while upper < file.count, upper > lower, file[upper - 1] != 0x0A { upper += 1 }
            if index == count { upper = file.count }
            parts.append(lower..<upper)
            lower = upper
        }
        return parts
    }
}
