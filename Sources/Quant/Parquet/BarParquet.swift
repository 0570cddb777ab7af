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
            let footer = try footer(of: bytes)
            if isOurs(footer), !verifies {
                let placed = PlacedBars(footer: footer, bytes: bytes)
                return ParsedBars(series: try placed.series(owner: file), faults: [])
            }
            return try decode(bytes, footer, symbol, rules, now, codecs, parallel)
        }
    }

    /// Reads a file that is in memory, and checks it whoever wrote it; every row must be good.
    /// - Throws: As ``parse(_:symbol:rules:now:codecs:parallel:verifies:)``, and `badRow` with the
    ///   first fault.
    public static func parseStrictly(_ bytes: [UInt8]) throws(QuantError) -> [BarSeries] {
        let parsed = try bytes.withUnsafeBufferPointer { (bytes) throws(QuantError) in
            let footer = try footer(of: bytes)
            return try decode(bytes, footer, nil, .anyMarket, nil, ParquetCodecs(), .none)
        }
        if let fault = parsed.faults.first(where: { !$0.kind.isWarning }) {
            throw QuantError(fault)
        }
        return parsed.series
    }

    private static func footer(
        of bytes: UnsafeBufferPointer<UInt8>
    ) throws(QuantError) -> ParquetFooter {
        let footer = try ParquetFooter(file: bytes)
        guard footer.rows > 0 else {
            throw QuantError(.empty, operation: "read bars", reason: "the file has no rows")
        }
        guard footer.rows / mostRowsPerByte <= bytes.count else {
            throw .parquet("the footer counts \(footer.rows) rows, more than a file this long")
        }
        return footer
    }

    private static func isOurs(_ footer: ParquetFooter) -> Bool {
        footer.creator == creator && footer.notes[mark.key] == mark.value
    }

    private static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ footer: ParquetFooter,
        _ symbol: Symbol?,
        _ rules: BarRules,
        _ now: Instant?,
        _ codecs: ParquetCodecs,
        _ parallel: Parallel
    ) throws(QuantError) -> ParsedBars {
        if isOurs(footer) { try PlacedBars(footer: footer, bytes: bytes).verifyChecksums() }
        let decoder = try ParquetBarDecoder(
            file: bytes,
            footer: footer,
            symbol: symbol,
            codecs: codecs
        )
        return try decoder.bars(rules: rules, now: now, parallel: parallel)
    }
}
