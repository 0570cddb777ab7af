// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads returns as comma-separated values: one row per period below a header.
///
/// A field may stand in quotes, but has no comma. A row that cannot be used is an error with its
/// line, since leaving it out would shift every figure that depends on order or number.
public enum ReturnsCSV {
    /// The returns of the column named `return`; other columns are not used.
    /// - Throws: A ``QuantError``: `empty` without rows, `missingColumn`, or `badRow` with the
    ///   line.
    public static func parse(_ bytes: [UInt8]) throws(QuantError) -> [Double] {
        let rows = try lines(of: bytes)
        let header = rows[0].fields
        let places = header.indices.filter { header[$0] == "return" }
        guard let place = places.first else {
            throw error(
                .missingColumn,
                "the header has no column 'return'; it has \(header.joined(separator: ", "))"
            )
        }
        guard places.count == 1 else {
            throw error(.missingColumn, "the header has \(places.count) columns 'return'")
        }
        var returns: [Double] = []
        returns.reserveCapacity(rows.count - 1)
        for row in rows.dropFirst() {
            try check(row, header)
            returns.append(try number(row.fields[place], "return", row.line))
        }
        return returns
    }

    /// The names and rows of a matrix: one column per trial, one row per period.
    /// - Throws: A ``QuantError`` as for ``parse(_:)``; every field must be a return.
    public static func parseMatrix(
        _ bytes: [UInt8]
    ) throws(QuantError) -> (names: [String], rows: [[Double]]) {
        let rows = try lines(of: bytes)
        let header = rows[0].fields
        var matrix: [[Double]] = []
        matrix.reserveCapacity(rows.count - 1)
        for row in rows.dropFirst() {
            try check(row, header)
            var values: [Double] = []
            values.reserveCapacity(header.count)
            for (name, field) in zip(header, row.fields) {
                values.append(try number(field, name, row.line))
            }
            matrix.append(values)
        }
        return (header, matrix)
    }

    private struct Row {
        let line: Int
        let fields: [String]
    }

    /// The header and the rows below it, at least one.
    private static func lines(of bytes: [UInt8]) throws(QuantError) -> [Row] {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let pieces = bytes[start...].split(separator: 0x0A, omittingEmptySubsequences: false)
        var rows: [Row] = []
        rows.reserveCapacity(pieces.count)
        for (index, piece) in pieces.enumerated() {
            let line = piece.last == 0x0D ? piece.dropLast() : piece
            guard !line.isEmpty else { continue }
            let fields = line.split(separator: 0x2C, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self).trimmingBlanks.withoutQuotes
            }
            rows.append(Row(line: index + 1, fields: fields))
        }
        guard let header = rows.first else { throw error(.empty, "the file is empty") }
        guard rows.count > 1 else {
            throw error(.empty, "line \(header.line) is a header and no rows follow")
        }
        return rows
    }

    private static func check(_ row: Row, _ header: [String]) throws(QuantError) {
        guard row.fields.count == header.count else {
            throw error(
                .badRow,
                "line \(row.line): expected \(header.count) fields, found \(row.fields.count)"
            )
        }
    }

    private static func number(
        _ text: String,
        _ name: String,
        _ line: Int
    ) throws(QuantError) -> Double {
        let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        guard isDecimal, let value = Double(text), value.isFinite else {
            let found = text.isEmpty ? "nothing" : "'\(text.prefix(40))'"
            throw error(
                .badRow,
                "line \(line), column '\(name)': expected a number, found \(found)"
            )
        }
        return value
    }

    private static func error(_ code: QuantError.Code, _ reason: String) -> QuantError {
        QuantError(code, operation: "read returns", reason: reason)
    }
}

extension String {
    /// The text without blanks and tabs at its ends.
    fileprivate var trimmingBlanks: String {
        guard let first = utf8.first, let last = utf8.last,
            first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09
        else { return self }
        let kept = drop { $0 == " " || $0 == "\t" }
        let end = kept.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { String(kept[...$0]) } ?? ""
    }

    /// The text between the quotes around it, if there are any.
    fileprivate var withoutQuotes: String {
        utf8.count > 1 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
    }
}
