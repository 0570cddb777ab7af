// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Reads and writes bars as comma-separated values.
///
/// The header names the columns `symbol,timestamp,open,high,low,close,volume` in any order and any
/// case; `date`, `time`, `datetime`, `ticker`, `vol` and `Adj Close` are understood too, and
/// columns of other names are not used. `symbol` may be absent when the caller names one. With a
/// column `adj_close`, the four prices are multiplied by `adj_close / close` and rounded to six
/// decimals, and the volume is left alone. With any of the columns `settlement`, `limit_up` and
/// `limit_down`, bars have ``DayPrices``; an empty field there is one that is not known. A
/// timestamp is RFC 3339, the same without a zone for UTC, or a bare date for a daily bar. Fields
/// are not quoted.
public enum BarCSV {
    /// Reads a file and keeps the good rows; each bad row becomes a fault and is left out.
    ///
    /// Rows are checked by ``BarInspector`` in the order of the file. The outcome is the same for
    /// any number of cores.
    /// - Throws: A ``QuantError``: `empty` without rows, `missingColumn` for a header that lacks
    ///   one. A bad row is no error here.
    public static func parse(
        _ bytes: [UInt8],
        symbol: Symbol? = nil,
        rules: BarRules = BarRules(),
        now: Instant? = nil,
        parallel: Parallel = .none
    ) throws(QuantError) -> ParsedBars {
        try bytes.withUnsafeBufferPointer { buffer throws(QuantError) in
            try scan(buffer, symbol: symbol, rules: rules, now: now, parallel: parallel)
        }
    }

    /// Reads a mapped file like an array of bytes.
    /// - Throws: A ``QuantError`` as for ``parse(_:symbol:rules:now:parallel:)``.
    public static func parse(
        _ file: MappedFile,
        symbol: Symbol? = nil,
        rules: BarRules = BarRules(),
        now: Instant? = nil,
        parallel: Parallel = .none
    ) throws(QuantError) -> ParsedBars {
        try file.withBytes { buffer throws(QuantError) in
            try scan(buffer, symbol: symbol, rules: rules, now: now, parallel: parallel)
        }
    }

    /// Reads a file in which every row must be good; warnings are let pass.
    /// - Throws: A ``QuantError`` as for ``parse(_:symbol:rules:now:parallel:)``, and `badRow` with
    ///   the first fault.
    public static func parseStrictly(
        _ bytes: [UInt8],
        symbol: Symbol? = nil,
        rules: BarRules = BarRules(),
        now: Instant? = nil,
        parallel: Parallel = .none
    ) throws(QuantError) -> [BarSeries] {
        let parsed = try parse(
            bytes,
            symbol: symbol,
            rules: rules,
            now: now,
            parallel: parallel
        )
        if let fault = parsed.faults.first(where: { !$0.kind.isWarning }) {
            throw QuantError(fault)
        }
        return parsed.series
    }

    /// Loads a file from a folder and reads it like ``parse(_:symbol:rules:now:parallel:)``.
    /// - Throws: A ``QuantError``: `notFound` or `unreadable` besides those of parsing.
    public static func load(
        _ name: String,
        in folder: Folder,
        symbol: Symbol? = nil,
        rules: BarRules = BarRules(),
        now: Instant? = nil,
        parallel: Parallel = .none
    ) throws(QuantError) -> ParsedBars {
        let file: MappedFile
        do throws(FileError) {
            file = try folder.map(name)
        } catch {
            throw QuantError(error, operation: "load bars")
        }
        return try parse(file, symbol: symbol, rules: rules, now: now, parallel: parallel)
    }

    /// Calls the body for every row below the header, with a bar or a fault and the line.
    package static func forEachRow(
        of bytes: [UInt8],
        symbol: Symbol?,
        body: (Bar?, BarFault?, Int) -> Void
    ) throws(QuantError) {
        try forEachRow(of: bytes, symbol: symbol) { (row: BarRowReader.Row, line) in
            switch row {
            case .bar(let bar): body(bar, nil, line)
            case .fault(let fault): body(nil, fault, line)
            }
        }
    }

    /// Calls the body for every row below the header.
    static func forEachRow(
        of bytes: [UInt8],
        symbol: Symbol?,
        body: (BarRowReader.Row, Int) -> Void
    ) throws(QuantError) {
        try bytes.withUnsafeBufferPointer { buffer throws(QuantError) in
            var lines = LineReader(buffer)
            guard let header = lines.next() else {
                throw QuantError(.empty, operation: "read bars", reason: "the file is empty")
            }
            let columns = try BarHeader(line: header, symbol: symbol)
            var reader = BarRowReader(header: columns, symbol: symbol)
            let headerLine = lines.number
            while let line = lines.next() {
                body(reader.read(line, number: lines.number), lines.number)
            }
            guard lines.number > headerLine else {
                throw QuantError(
                    .empty,
                    operation: "read bars",
                    reason: "the file has a header and no rows"
                )
            }
        }
    }
}
