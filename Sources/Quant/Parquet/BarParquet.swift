// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Reads and writes bars as Parquet.
///
/// Any file with flat columns is read: those that are named like the columns of ``BarCSV``, in any
/// order, of any numeric type, with times as timestamps, dates or text. What ``bytes(of:)`` writes
/// is used where it lies in the file; other files are decoded and checked row by row.
public enum BarParquet {
    /// The note by which a file says that its bars were checked when it was written.
    static let mark = (key: "loopdesk.bars", value: "1")
    /// The name by which the writer signs; a copy that another program wrote is not trusted.
    static let creator = "loopdesk bars version 1"

    /// The most rows that a file may have for each of its bytes, so that a damaged count asks for
    /// no absurd memory.
    private static let mostRowsPerByte: Int64 = 1024

    /// Reads a mapped file.
    ///
    /// Our own files are trusted: their values are used in place, neither looked at nor checked,
    /// so opening one costs the same for any number of rows. With `verifies`, their checksums are
    /// compared and their bars checked like those of other files. Rows of other files are checked
    /// by ``BarInspector`` in order, and a fault names the row, counted from 1, as its line.
    /// - Throws: A ``QuantError``: `badFile` for damage, `unsupported` for a form that is not read,
    ///   `missingColumn`, `empty`. A bad row is no error.
    public static func parse(
        _ file: MappedFile,
        symbol: Symbol? = nil,
        rules: BarRules = .anyMarket,
        now: Instant? = nil,
        codecs: ParquetCodecs = ParquetCodecs(),
        parallel: Parallel = .none,
        verifies: Bool = false
    ) throws(QuantError) -> ParsedBars {
        try file.withBytes { (bytes: UnsafeBufferPointer<UInt8>) throws(QuantError) in
            let footer = try ParquetFooter(file: bytes)
            guard footer.rows > 0 else {
                throw QuantError(.empty, operation: "read bars", reason: "the file has no rows")
            }
            guard footer.rows / mostRowsPerByte <= bytes.count else {
                throw .parquet("the footer counts \(footer.rows) rows, more than a file this long")
            }
            let isOurs = footer.creator == creator && footer.notes[mark.key] == mark.value
            if isOurs, !verifies {
                let placed = PlacedBars(footer: footer, bytes: bytes)
                return ParsedBars(series: try placed.series(owner: file), faults: [])
            }
            if isOurs { try PlacedBars(footer: footer, bytes: bytes).verifyChecksums() }
            let decoder = try ParquetBarDecoder(
                file: bytes,
                footer: footer,
                symbol: symbol,
                codecs: codecs
            )
            return try decoder.bars(rules: rules, now: now, parallel: parallel)
        }
    }
}
