// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BarParquet {
    private static let names = ["symbol", "timestamp", "open", "high", "low", "close", "volume"]

    /// The most rows of one series; a page holds a whole column and has a 32-bit length.
    static let mostRows = 1 << 27

    /// Writes series, sorted by symbol, a row group each; empty ones are left out.
    ///
    /// All values are stored plain and uncompressed, so that the file can be mapped and used in
    /// place; times are nanoseconds in UTC. The same bars give the same bytes. The whole file is
    /// built in memory.
    /// - Throws: A ``QuantError``: `badRow` for a bar that ``BarInspector`` would refuse, `empty`
    ///   without bars, `badParameter` for two series of one symbol, `tooLarge`.
    public static func bytes(of series: [BarSeries]) throws(QuantError) -> [UInt8] {
        let written = series.filter { !$0.isEmpty }.sorted { $0.symbol < $1.symbol }
        try check(written)
        var bytes = ParquetFormat.magic
        bytes.reserveCapacity(written.reduce(4096) { $0 + $1.count * 48 + 2048 })
        var groups: [[Written]] = []
        for one in written {
            var group = [symbolChunk(one.symbol, rows: one.count, at: &bytes)]
            group.append(chunk(one.times, at: &bytes))
            for column in [one.open, one.high, one.low, one.close, one.volume] {
                group.append(chunk(column, at: &bytes))
            }
            groups.append(group)
        }
        let footer = footer(written, groups)
        bytes += footer
        withUnsafeBytes(of: UInt32(footer.count).littleEndian) { bytes += $0 }
        bytes += ParquetFormat.magic
        return bytes
    }

    /// Where a column of a row group lies.
    private struct Written {
        var start: Int
        var dataStart: Int
        var bytes = 0
    }

    private static func check(_ series: [BarSeries]) throws(QuantError) {
        guard !series.isEmpty else {
            throw QuantError(.empty, operation: "write bars", reason: "there are no bars")
        }
        var inspector = BarInspector(rules: .anyMarket)
        for (index, one) in series.enumerated() {
            guard index == 0 || series[index - 1].symbol != one.symbol else {
                throw QuantError(
                    .badParameter,
                    operation: "write bars",
                    reason: "there are two series of \(one.symbol)"
                )
            }
            guard one.count <= mostRows else {
                throw QuantError(
                    .tooLarge,
                    operation: "write bars",
                    reason: "\(one.symbol) has \(one.count) bars and a file holds \(mostRows)"
                )
            }
            for row in 0..<one.count {
                if let fault = inspector.inspect(one[row]).first { throw QuantError(fault) }
            }
        }
    }

    /// A column of one value: a dictionary with one entry, and one run of it.
    private static func symbolChunk(
        _ symbol: Symbol,
        rows: Int,
        at bytes: inout [UInt8]
    ) -> Written {
        let name = Array(symbol.description.utf8)
        let entry = withUnsafeBytes(of: UInt32(name.count).littleEndian) { Array($0) } + name
        // One bit an index; a run is its length doubled, then its value.
        var run: [UInt8] = [1]
        var length = rows << 1
        while length >= 0x80 {
            run.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        run += [UInt8(length), 0]
        let start = bytes.count
        bytes += ParquetFormat.head(.dictionary, Checksum.crc32(entry), entry.count, 1)
        bytes += entry
        let dataStart = bytes.count
        bytes += ParquetFormat.head(
            .data,
            Checksum.crc32(run),
            run.count,
            rows,
            .runLengthDictionary
        )
        bytes += run
        return Written(start: start, dataStart: dataStart, bytes: bytes.count - start)
    }

    private static func chunk<Element>(
        _ column: BarColumn<Element>,
        at bytes: inout [UInt8]
    ) -> Written {
        column.withUnsafeBufferPointer { values in
            let raw = UnsafeRawBufferPointer(values)
            let sum = Checksum.crc32(raw.bindMemory(to: UInt8.self))
            let head = ParquetFormat.head(.data, sum, raw.count, values.count, .plain)
            // Unused bytes before the head let the values begin at a multiple of 64.
            while (bytes.count + head.count) % 64 != 0 { bytes.append(0) }
            let start = bytes.count
            bytes += head
            bytes += raw
            return Written(start: start, dataStart: start, bytes: bytes.count - start)
        }
    }
}

extension BarParquet {
    private static func footer(_ series: [BarSeries], _ groups: [[Written]]) -> [UInt8] {
        var writer = ThriftWriter()
        writer.integer(1, 1)
        writer.structures(2, Array(-1..<names.count)) { $0.schema($1 < 0 ? nil : names[$1]) }
        writer.integer(3, series.reduce(0) { $0 + $1.count }, isLong: true)
        writer.structures(4, Array(zip(series, groups))) { writer, group in
            let (one, chunks) = group
            writer.structures(1, Array(chunks.indices)) { writer, column in
                writer.integer(2, 0, isLong: true)
                writer.structure(3) { details(&$0, one, column, chunks[column]) }
            }
            writer.integer(2, chunks.reduce(0) { $0 + $1.bytes }, isLong: true)
            writer.integer(3, one.count, isLong: true)
        }
        writer.structures(5, [mark]) { writer, note in
            writer.text(1, note.key.utf8)
            writer.text(2, note.value.utf8)
        }
        writer.text(6, creator.utf8)
        // Least and greatest values are in the order of the type.
        writer.structures(7, names) { writer, _ in writer.structure(1) { _ in } }
        writer.end()
        return writer.bytes
    }

    private static func details(
        _ writer: inout ThriftWriter,
        _ series: BarSeries,
        _ column: Int,
        _ chunk: Written
    ) {
        typealias Format = ParquetFormat
        let isSymbol = column == 0
        let physical: Format.Physical = isSymbol ? .byteArray : column == 1 ? .int64 : .double
        writer.integer(1, physical.rawValue)
        let coded = [Format.Encoding.plain, .runLength, .runLengthDictionary]
        writer.integers(2, (isSymbol ? coded : Array(coded[..<2])).map(\.rawValue))
        writer.texts(3, [names[column]])
        writer.integer(4, Format.Codec.uncompressed.rawValue)
        writer.integer(5, series.count, isLong: true)
        writer.integer(6, chunk.bytes, isLong: true)
        writer.integer(7, chunk.bytes, isLong: true)
        writer.integer(9, chunk.dataStart, isLong: true)
        if isSymbol { writer.integer(11, chunk.start, isLong: true) }
        guard column < 2 else { return }
        let name = Array(series.symbol.description.utf8)
        let (least, greatest) =
            isSymbol
            ? (name, name)
            : (bytes(of: series.times[0]), bytes(of: series.times[series.count - 1]))
        writer.structure(12) { statistics in
            statistics.integer(3, 0, isLong: true)
            statistics.text(5, greatest)
            statistics.text(6, least)
        }
    }

    private static func bytes(of time: Instant) -> [UInt8] {
        withUnsafeBytes(of: time.nanosecondsSinceEpoch.littleEndian) { Array($0) }
    }
}

extension ThriftWriter {
    /// Writes an element of the schema: the root, or the column of a name.
    fileprivate mutating func schema(_ name: String?) {
        guard let name else {
            text(4, "bars".utf8)
            integer(5, 7)
            return
        }
        let physical: ParquetFormat.Physical =
            name == "symbol" ? .byteArray : name == "timestamp" ? .int64 : .double
        integer(1, physical.rawValue)
        integer(3, 0)
        text(4, name.utf8)
        if name == "symbol" {
            integer(6, 0)
            structure(10) { $0.structure(1) { _ in } }
        } else if name == "timestamp" {
            structure(10) { logical in
                logical.structure(8) { time in
                    time.flag(1, true)
                    time.structure(2) { unit in unit.structure(3) { _ in } }
                }
            }
        }
    }
}
