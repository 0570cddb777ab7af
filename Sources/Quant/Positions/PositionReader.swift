// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Reads the rows that a program wrote.
struct PositionReader {
    /// One row: which bar of which series, and what is wanted from its close on.
    struct Row {
        let line: Int
        let leg: Int
        let index: Int
        let position: Double
    }

    private let lines: [ArraySlice<UInt8>]
    private let history: [BarSeries]
    private let measure: PositionStrategy.Measure
    private let legs: [String: Int]
    private let columns: (timestamp: Int, position: Int, symbol: Int?)
    private let fieldCount: Int
    private var line: Int

    init(
        _ bytes: [UInt8],
        history: [BarSeries],
        measure: PositionStrategy.Measure
    ) throws(QuantError) {
        lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let first = lines.first, !first.isEmpty else {
            throw QuantError(
                .empty,
                operation: "read positions",
                reason: "the program wrote nothing; expected the header timestamp,symbol,position"
            )
        }
        let header = Self.fields(first)
        func place(_ name: String) -> Int? { header.firstIndex(of: name) }
        guard let timestamp = place("timestamp"), let position = place("position") else {
            throw Self.error(
                "line 1: expected the columns timestamp, symbol, position; found "
                    + header.joined(separator: ", ").prefix(80),
                .missingColumn
            )
        }
        guard place("symbol") != nil || history.count == 1 else {
            throw Self.error("line 1: there is no column 'symbol'", .missingColumn)
        }
        columns = (timestamp, position, place("symbol"))
        fieldCount = header.count
        self.history = history
        self.measure = measure
        legs = Dictionary(
            uniqueKeysWithValues: history.enumerated().map { ($1.symbol.description, $0) }
        )
        line = 1
    }

    /// The next row; nil at the end.
    /// - Throws: A ``QuantError`` with the line.
    mutating func next() throws(QuantError) -> Row? {
        while line < lines.count {
            let bytes = lines[line]
            line += 1
            if bytes.isEmpty || bytes.elementsEqual([0x0D]) { continue }
            return try read(Self.fields(bytes))
        }
        return nil
    }

    private func read(_ fields: [String]) throws(QuantError) -> Row {
        guard fields.count == fieldCount else {
            throw Self.error("line \(line): expected \(fieldCount) fields, found \(fields.count)")
        }
        let name = columns.symbol.map { fields[$0] } ?? history[0].symbol.description
        guard let leg = legs[name] else {
            throw Self.error("line \(line): '\(name.prefix(40))' is not in the universe")
        }
        let text = fields[columns.timestamp]
        guard let time = Instant(text) else {
            throw Self.error("line \(line): '\(text.prefix(40))' is no time")
        }
        let index = history[leg].firstIndex(atOrAfter: time)
        guard index < history[leg].count, history[leg].times[index] == time else {
            throw Self.error("line \(line): \(name) has no bar at \(time)")
        }
        let position = try self.position(fields[columns.position])
        return Row(line: line, leg: leg, index: index, position: position)
    }

    private func position(_ text: String) throws(QuantError) -> Double {
        guard let value = Double(text), value.isFinite else {
            throw Self.error("line \(line): the position '\(text.prefix(40))' is no number")
        }
        guard measure == .units || abs(value) <= 1 else {
            throw Self.error("line \(line): the position \(text.prefix(40)) is not from -1 to 1")
        }
        guard abs(value) <= 1e12 else {
            throw Self.error("line \(line): the position \(text.prefix(40)) is too large")
        }
        return value
    }

    private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
        let kept = line.last == 0x0D ? line.dropLast() : line
        return kept.split(separator: 0x2C, omittingEmptySubsequences: false).map {
            String(decoding: $0.filter { $0 != 0x20 }, as: UTF8.self)
        }
    }

    static func error(_ reason: String, _ code: QuantError.Code = .badRow) -> QuantError {
        QuantError(code, operation: "read positions", reason: reason)
    }
}
