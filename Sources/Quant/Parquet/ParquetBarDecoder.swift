// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Decodes the bars of a Parquet file, whoever wrote it, into columns.
///
/// The bytes stay where they are while they are read, and nobody writes to them.
struct ParquetBarDecoder: @unchecked Sendable {
    private let file: UnsafeBufferPointer<UInt8>
    private let footer: ParquetFooter
    private let header: BarHeader
    private let symbol: Symbol?
    private let codecs: ParquetCodecs
    private let fields: [BarField]
    /// The rows before each row group.
    private let starts: [Int]

    init(
        file: UnsafeBufferPointer<UInt8>,
        footer: ParquetFooter,
        symbol: Symbol?,
        codecs: ParquetCodecs
    ) throws(QuantError) {
        self.file = file
        self.footer = footer
        self.symbol = symbol
        self.codecs = codecs
        let header = try BarHeader(footer.columns.map(\.name), symbol: symbol)
        self.header = header
        if let field = BarField.ofDay.first(where: { header[$0] != nil }) {
            let reason = "the column '\(field.name)' is read from CSV alone; store the bars as CSV"
            throw .parquet(reason, .unsupported)
        }
        fields = BarField.allCases.filter { header[$0] != nil }
        for field in fields {
            guard let index = header[field], footer.columns[index].isFlat else {
                throw .parquet("the column '\(field.name)' is nested", .unsupported)
            }
        }
        var starts: [Int] = []
        var start = 0
        for group in footer.rowGroups {
            starts.append(start)
            start += Int(group.rows)
        }
        self.starts = starts
    }

    /// What decoding one column of one row group gave besides numbers in the slab.
    private enum Decoded: Sendable {
        case numbers
        case symbols([Int32], names: [[UInt8]])
        case adjusted([Double])
        case failed(QuantError)
    }

    func bars(
        rules: BarRules,
        now: Instant?,
        parallel: Parallel
    ) throws(QuantError) -> ParsedBars {
        guard let slab = BarSlab(capacity: Int(footer.rows)) else {
            throw .parquet("there is no memory for \(footer.rows) rows", .tooLarge)
        }
        let width = fields.count
        let decoded = parallel.map(footer.rowGroups.count * width) { index in
            decode(fields[index % width], group: index / width, slab)
        }
        for case .failed(let error) in decoded { throw error }
        let chunks = parallel.map(footer.rowGroups.count) { group in
            chunk(
                group,
                Array(decoded[(group * width)..<(group * width + width)]),
                BarChunkBuilder(slab: slab, rules: rules, now: now)
            )
        }
        var assembly = BarAssembly(slab: slab, rules: rules, now: now)
        for chunk in chunks { assembly.add(chunk) }
        return assembly.parsed(parallel)
    }

    private func decode(_ field: BarField, group: Int, _ slab: BarSlab) -> Decoded {
        let rows = Int(footer.rowGroups[group].rows)
        let start = starts[group]
        do throws(QuantError) {
            switch field {
            case .symbol:
                let names = ParquetNames()
                let numbers: [Int32] = try array(field, group, missing: -1) {
                    column throws(QuantError) in
                    guard column.physical == .byteArray else {
                        throw .parquet("the column '\(column.name)' holds no texts", .unsupported)
                    }
                    return ParquetConverter(
                        width: 0,
                        missing: -1,
                        convert: { names.number($0) },
                        convertInteger: nil
                    )
                }
                return .symbols(numbers, names: names.names)
            case .timestamp:
                let room = UnsafeMutableBufferPointer(start: slab.times + start, count: rows)
                try read(field, group, into: room) { column throws(QuantError) in
                    try ParquetConverter<Instant>(column)
                }
                return .numbers
            case .adjustedClose:
                return .adjusted(
                    try array(field, group, missing: .nan) { column throws(QuantError) in
                        try ParquetConverter<Double>(column)
                    }
                )
            // The last three are refused at the header.
            case .open, .high, .low, .close, .volume, .settlement, .limitUp, .limitDown:
                let target = slab.numbers(field.rawValue - BarField.open.rawValue) + start
                let room = UnsafeMutableBufferPointer(start: target, count: rows)
                try read(field, group, into: room) { column throws(QuantError) in
                    try ParquetConverter<Double>(column)
                }
                return .numbers
            }
        } catch {
            return .failed(error)
        }
    }

    private func array<Value>(
        _ field: BarField,
        _ group: Int,
        missing: Value,
        _ converter: (ParquetFooter.Column) throws(QuantError) -> ParquetConverter<Value>
    ) throws(QuantError) -> [Value] {
        var values = [Value](repeating: missing, count: Int(footer.rowGroups[group].rows))
        try values.withUnsafeMutableBufferPointer { buffer throws(QuantError) in
            try read(field, group, into: buffer, converter)
        }
        return values
    }

    private func read<Value>(
        _ field: BarField,
        _ group: Int,
        into room: UnsafeMutableBufferPointer<Value>,
        _ converter: (ParquetFooter.Column) throws(QuantError) -> ParquetConverter<Value>
    ) throws(QuantError) {
        guard let index = header[field] else { return }
        let column = footer.columns[index]
        try ParquetColumnReader(
            file: file,
            column: column,
            chunk: footer.rowGroups[group].chunks[index],
            codecs: codecs,
            converter: try converter(column),
            place: "the column '\(column.name)' in row group \(group)"
        ).read(into: room)
    }
}

extension ParquetBarDecoder {
    /// Divides a row group into pieces, with a fault for each row that gives no bar.
    private func chunk(
        _ group: Int,
        _ decoded: [Decoded],
        _ empty: BarChunkBuilder
    ) -> BarChunk {
        var builder = empty
        var numbers: [Int32] = []
        var names: [[UInt8]] = []
        var adjusted: [Double]?
        for part in decoded {
            if case .symbols(let found, let spelled) = part { (numbers, names) = (found, spelled) }
            if case .adjusted(let found) = part { adjusted = found }
        }
        let slots = names.map { name in Symbol(bytes: name).map { builder.slot(of: $0) } }
        let ownSlot = symbol.map { builder.slot(of: $0) } ?? -1
        let times = builder.slab.times
        for index in 0..<Int(footer.rowGroups[group].rows) {
            let row = starts[group] + index
            let number = numbers.isEmpty ? -1 : Int(numbers[index])
            let slot = numbers.isEmpty ? ownSlot : number < 0 ? -1 : slots[number] ?? -1
            let fault: (BarFault.Kind, String)?
            if slot < 0 {
                let reason = number < 0 ? "the symbol is null" : "the symbol is not valid"
                fault = (.malformedRow, reason)
            } else if times[row] == ParquetConverter<Instant>.noTime {
                fault = (.badTimestamp, "the time is null, malformed or out of range")
            } else {
                fault = adjusted.flatMap { adjust(row, by: $0[index], builder.slab) }
            }
            guard let (kind, detail) = fault else {
                builder.add(row: row, slot: slot, line: row + 1)
                continue
            }
            let own = numbers.isEmpty ? symbol?.description : nil
            let name = number < 0 ? own : String(decoding: names[number], as: UTF8.self)
            let time = kind == .notPositive ? times[row] : nil
            builder.add(
                BarFault(kind, line: row + 1, symbol: name, time: time, detail: detail),
                line: row + 1
            )
        }
        builder.end()
        return builder.chunk
    }

    /// Scales the prices of a row by its adjusted close, as ``BarCSV`` does.
    private func adjust(
        _ row: Int,
        by adjusted: Double,
        _ slab: BarSlab
    ) -> (BarFault.Kind, String)? {
        let close = slab.numbers(3)[row]
        guard close > 0, slab.numbers(2)[row] > 0 else { return nil }
        guard adjusted > 0, adjusted < .infinity else {
            return (.notPositive, "adj_close is \(adjusted); a price must be above zero")
        }
        for column in 0..<4 {
            let numbers = slab.numbers(column)
            numbers[row] = Bar.scaled(numbers[row], by: adjusted / close)
        }
        return nil
    }
}
