// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The bars of a file that ``BarParquet/bytes(of:)`` wrote, used where they lie.
struct PlacedBars {
    let footer: ParquetFooter
    let bytes: UnsafeBufferPointer<UInt8>

    /// One series per row group; only the footer and the heads of the pages are looked at.
    func series(owner: MappedFile) throws(QuantError) -> [BarSeries] {
        var series: [BarSeries] = []
        for (index, group) in footer.rowGroups.enumerated() {
            guard let chunk = group.chunks.first, group.chunks.count == 7,
                let name = chunk.least, name == chunk.greatest, let symbol = Symbol(name)
            else { throw .parquet("row group \(index) does not name one symbol") }
            guard series.last.map({ $0.symbol < symbol }) ?? true else {
                throw .parquet("row group \(index) is of \(symbol) and out of order")
            }
            func numbers(_ column: Int) throws(QuantError) -> BarColumn<Double> {
                BarColumn(borrowing: try values(index, column), from: owner)
            }
            series.append(
                BarSeries(
                    symbol: symbol,
                    times: BarColumn(borrowing: try values(index, 1), from: owner),
                    open: try numbers(2),
                    high: try numbers(3),
                    low: try numbers(4),
                    close: try numbers(5),
                    volume: try numbers(6)
                )
            )
        }
        return series
    }

    /// Compares the checksum of every page with its bytes.
    func verifyChecksums() throws(QuantError) {
        for (index, group) in footer.rowGroups.enumerated() {
            for column in footer.columns.indices where column < group.chunks.count {
                let (page, content) = try content(index, column)
                let found = Int64(Int32(bitPattern: Checksum.crc32(content)))
                guard page.checksum == nil || page.checksum == found else {
                    throw .parquet("\(place(index, column)) does not match its checksum")
                }
            }
        }
    }

    private func values<Value: BitwiseCopyable>(
        _ group: Int,
        _ column: Int
    ) throws(QuantError) -> UnsafeBufferPointer<Value> {
        let chunk = footer.rowGroups[group].chunks[column]
        let rows = Int(footer.rowGroups[group].rows)
        let (page, content) = try content(group, column)
        let raw = UnsafeRawBufferPointer(content)
        let isPlain =
            page.kind == .data && page.encoding == ParquetFormat.Encoding.plain.rawValue
            && chunk.codec == ParquetFormat.Codec.uncompressed.rawValue
            && !footer.columns[column].isOptional
        guard isPlain, page.values == chunk.values, content.count == rows * 8,
            let base = raw.baseAddress, UInt(bitPattern: base) % 8 == 0
        else { throw .parquet("\(place(group, column)) is not laid out as this program does it") }
        return UnsafeBufferPointer(
            start: base.assumingMemoryBound(to: Value.self),
            count: rows
        )
    }

    private func content(
        _ group: Int,
        _ column: Int
    ) throws(QuantError) -> (ParquetPage, UnsafeBufferPointer<UInt8>) {
        let place = place(group, column)
        let rows = Int(footer.rowGroups[group].rows)
        let chunk = footer.rowGroups[group].chunks[column]
        let all = try chunk.bytes(of: bytes, rows: rows, place: place)
        let page = try ParquetPage(all, place: place)
        let end = page.headBytes + Int(page.storedBytes)
        return (page, UnsafeBufferPointer(rebasing: all[page.headBytes..<end]))
    }

    private func place(_ group: Int, _ column: Int) -> String {
        "the column '\(footer.columns[column].name)' in row group \(group)"
    }
}
