// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Reads and writes bars as comma-separated values.
///
/// The header names the columns `symbol,timestamp,open,high,low,close,volume` in any order; columns
/// of other names are not used. `symbol` may be absent when the caller names one. With a column
/// `adj_close`, the four prices are multiplied by `adj_close / close` and rounded to six decimals,
/// and the volume is left alone. A timestamp is RFC 3339, or a bare date for a daily bar. Fields
/// are not quoted.
public enum BarCSV {
    /// Reads a file and keeps the good rows; each bad row becomes a fault and is left out.
    ///
    /// Rows are checked by ``BarInspector`` in the order of the file.
    /// - Throws: A ``QuantError``: `empty` without rows, `missingColumn` for a header that lacks
    ///   one. A bad row is no error here.
    public static func parse(
        _ bytes: [UInt8],
        symbol: Symbol? = nil,
        rules: BarRules = BarRules(),
        now: Instant? = nil
    ) throws(QuantError) -> ParsedBars {
        var collector = SeriesCollector()
        var inspector = BarInspector(rules: rules)
        var faults: [BarFault] = []
        try forEachRow(of: bytes, symbol: symbol) { row, line in
            switch row {
            case .fault(let fault): faults.append(fault)
            case .bar(let bar):
                let found = inspector.inspect(bar, line: line, now: now)
                if found.isEmpty || BarInspector.accepts(found) { collector.append(bar) }
                if !found.isEmpty { faults += found }
            }
        }
        return ParsedBars(series: collector.series, faults: faults)
    }

    /// Reads a file in which every row must be good; warnings are let pass.
    /// - Throws: A ``QuantError`` as for ``parse(_:symbol:rules:now:)``, and `badRow` with the
    ///   first fault.
    public static func parseStrictly(
        _ bytes: [UInt8],
        symbol: Symbol? = nil,
        rules: BarRules = BarRules(),
        now: Instant? = nil
    ) throws(QuantError) -> [BarSeries] {
        let parsed = try parse(bytes, symbol: symbol, rules: rules, now: now)
        if let fault = parsed.faults.first(where: { !$0.kind.isWarning }) {
            throw QuantError(fault)
        }
        return parsed.series
    }

    /// Loads a file from a folder and reads it like ``parse(_:symbol:rules:now:)``.
    /// - Throws: A ``QuantError``: `notFound` or `unreadable` besides those of parsing.
    public static func load(
        _ name: String,
        in folder: Folder,
        symbol: Symbol? = nil,
        rules: BarRules = BarRules(),
        now: Instant? = nil
    ) throws(QuantError) -> ParsedBars {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try folder.read(name)
        } catch {
            throw QuantError(
                error.code == .notFound ? .notFound : .unreadable,
                operation: "load bars",
                reason: error.description
            )
        }
        return try parse(bytes, symbol: symbol, rules: rules, now: now)
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
            var reader = try BarRowReader(header: header, symbol: symbol)
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
