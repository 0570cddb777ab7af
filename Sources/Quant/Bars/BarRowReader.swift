// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Turns the lines of a CSV file of bars into bars, by the columns that its header names.
struct BarRowReader {
    /// A row as read: a bar that is yet to be inspected, or why there is none.
    enum Row {
        case bar(Bar)
        case fault(BarFault)
    }

    private static let adjusted = BarField.adjustedClose.rawValue

    private let defaultSymbol: Symbol?
    private let hasDays: Bool
    /// The field that each header column fills, or -1 for a column that is not used.
    private let fieldOfColumn: [Int]
    private var starts = [Int](repeating: -1, count: BarField.allCases.count)
    private var ends = [Int](repeating: -1, count: BarField.allCases.count)
    private var lastSymbol: Symbol?
    private var lastSymbolBytes: [UInt8] = []

    init(header: BarHeader, symbol: Symbol?) {
        defaultSymbol = symbol
        hasDays = header.hasDays
        fieldOfColumn = header.fields.map { $0?.rawValue ?? -1 }
    }

    /// Reads one line.
    mutating func read(_ line: UnsafeBufferPointer<UInt8>, number: Int) -> Row {
        guard split(line) else {
            let found = line.count { $0 == 0x2C } + 1
            let hint = line.contains(0x22) ? "; write fields without quotes" : ""
            return .fault(
                BarFault(
                    .malformedRow,
                    line: number,
                    symbol: nil,
                    time: nil,
                    detail:
                        "it has \(found) fields and the header names \(fieldOfColumn.count)\(hint)"
                )
            )
        }
        guard let symbol = symbol(in: line) else {
            return .fault(fault(.malformedRow, line, number, nil, "the symbol is not valid"))
        }
        guard let time = NumberReader.instant(field(1, of: line)) else {
            let text = Self.shown(field(1, of: line))
            let detail = "'\(text)' is neither a date nor a time such as 2000-03-01T21:00:00Z"
            return .fault(fault(.badTimestamp, line, number, nil, detail))
        }
        do throws(FieldFault) {
            return .bar(try bar(symbol, time, in: line))
        } catch {
            return .fault(fault(error.kind, line, number, time, error.detail))
        }
    }

    private struct FieldFault: Error {
        let kind: BarFault.Kind
        let detail: String
    }

    private func bar(
        _ symbol: Symbol,
        _ time: Instant,
        in line: UnsafeBufferPointer<UInt8>
    ) throws(FieldFault) -> Bar {
        let bar = Bar(
            symbol: symbol,
            time: time,
            open: try number(2, in: line),
            high: try number(3, in: line),
            low: try number(4, in: line),
            close: try number(5, in: line),
            volume: try number(6, in: line),
            day: hasDays ? try day(in: line) : nil
        )
        guard starts[Self.adjusted] >= 0 else { return bar }
        let adjusted = try number(Self.adjusted, in: line)
        guard bar.close > 0, bar.low > 0 else { return bar }
        guard adjusted > 0 else {
            throw FieldFault(
                kind: .notPositive,
                detail: "adj_close is \(adjusted); a price must be above zero"
            )
        }
        return bar.scaled(by: adjusted / bar.close)
    }

    private func day(in line: UnsafeBufferPointer<UInt8>) throws(FieldFault) -> DayPrices {
        DayPrices(
            settlement: try numberIfAny(.settlement, in: line),
            limitUp: try numberIfAny(.limitUp, in: line),
            limitDown: try numberIfAny(.limitDown, in: line)
        )
    }

    /// The number of a field; nil for an empty one, and without its column.
    private func numberIfAny(
        _ field: BarField,
        in line: UnsafeBufferPointer<UInt8>
    ) throws(FieldFault) -> Double? {
        let index = field.rawValue
        return starts[index] < ends[index] ? try number(index, in: line) : nil
    }

    private func number(
        _ index: Int,
        in line: UnsafeBufferPointer<UInt8>
    ) throws(FieldFault) -> Double {
        do throws(NumberReader.Fault) {
            return try NumberReader.number(field(index, of: line))
        } catch {
            let name = BarField(rawValue: index)?.name ?? ""
            let text = Self.shown(field(index, of: line))
            switch error {
            case .notANumber:
                throw FieldFault(kind: .notANumber, detail: "\(name) is '\(text)', no number")
            case .notFinite:
                throw FieldFault(
                    kind: .notFinite,
                    detail: "\(name) is \(text); a number must be finite"
                )
            }
        }
    }
}

extension BarRowReader {
    /// Finds the fields; false when their number differs from the header's.
    private mutating func split(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        var column = 0
        var start = 0
        for index in 0...line.count where index == line.count || line[index] == 0x2C {
            guard column < fieldOfColumn.count else { return false }
            let field = fieldOfColumn[column]
            if field >= 0 {
                starts[field] = start
                ends[field] = index
            }
            column += 1
            start = index + 1
        }
        return column == fieldOfColumn.count
    }

    private func field(
        _ index: Int,
        of line: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: line[starts[index]..<ends[index]])
    }

    /// A field as a message shows it: no longer than a line, and nothing that moves a cursor.
    private static func shown(_ field: UnsafeBufferPointer<UInt8>) -> String {
        let part = field.prefix(40).map { $0 < 0x20 || $0 == 0x7F ? 0x3F : $0 }
        return String(decoding: part, as: UTF8.self) + (field.count > 40 ? "…" : "")
    }

    private mutating func symbol(in line: UnsafeBufferPointer<UInt8>) -> Symbol? {
        guard starts[0] >= 0 else { return defaultSymbol }
        let bytes = field(0, of: line)
        // Files are mostly sorted by symbol, so the last one is nearly always the same.
        if let lastSymbol, bytes.elementsEqual(lastSymbolBytes) { return lastSymbol }
        guard let symbol = Symbol(bytes: bytes) else { return nil }
        lastSymbol = symbol
        lastSymbolBytes = Array(bytes)
        return symbol
    }

    private func fault(
        _ kind: BarFault.Kind,
        _ line: UnsafeBufferPointer<UInt8>,
        _ number: Int,
        _ time: Instant?,
        _ detail: String
    ) -> BarFault {
        let symbol =
            starts[0] >= 0
            ? Self.shown(field(0, of: line)) : defaultSymbol?.description
        return BarFault(kind, line: number, symbol: symbol, time: time, detail: detail)
    }
}

extension Bar {
    /// A price times a factor, rounded to six decimals.
    @inline(__always)
    static func scaled(_ price: Double, by factor: Double) -> Double {
        (price * factor * 1e6).rounded(.toNearestOrEven) / 1e6
    }

    /// The bar with its prices times a factor, rounded to six decimals; the volume stays.
    func scaled(by factor: Double) -> Bar {
        Bar(
            symbol: symbol,
            time: time,
            open: Self.scaled(open, by: factor),
            high: Self.scaled(high, by: factor),
            low: Self.scaled(low, by: factor),
            close: Self.scaled(close, by: factor),
            volume: volume,
            day: day?.map { Self.scaled($0, by: factor) }
        )
    }
}
