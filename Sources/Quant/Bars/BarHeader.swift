// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which columns of a file hold which fields of a bar.
struct BarHeader {
    /// The names as written.
    let names: [String]
    /// The column of each field, or nil when the file has none.
    private var columns: [Int?]

    /// Finds the fields among names; the symbol may be absent when the caller names one.
    /// - Throws: A ``QuantError`` with code `missingColumn`.
    init(_ names: [String], symbol: Symbol?) throws(QuantError) {
        self.names = names
        columns = Array(repeating: nil, count: BarField.allCases.count)
        for field in BarField.allCases {
            columns[field.rawValue] = try column(of: field, symbol: symbol)
        }
    }

    /// Reads the first line of a CSV file.
    init(line: UnsafeBufferPointer<UInt8>, symbol: Symbol?) throws(QuantError) {
        guard line.count <= Self.mostBytes else {
            let most = "at most \(Self.mostBytes) are allowed"
            throw Self.error("the header has \(line.count) bytes; \(most)", symbol)
        }
        if let reason = Self.foreign(line) { throw Self.error(reason, symbol) }
        let text = String(decoding: line, as: UTF8.self)
        guard !text.contains("\"") else {
            throw Self.error("the header has quoted names; write them without quotes", symbol)
        }
        let names = text.split(separator: ",", omittingEmptySubsequences: false)
        try self.init(names.map { String($0) }, symbol: symbol)
    }

    /// The most bytes of a header line; longer ones are no headers.
    static let mostBytes = 1 << 16

    /// Why a line is no header of fields between commas, when that can be told.
    private static func foreign(_ line: UnsafeBufferPointer<UInt8>) -> String? {
        if line.contains(0) { return "the file is no UTF-8 text; save it as UTF-8" }
        guard !line.contains(0x2C) else { return nil }
        let others: [(UInt8, String)] = [(0x3B, "semicolons"), (0x09, "tabs"), (0x7C, "bars")]
        guard let (_, name) = others.first(where: { line.contains($0.0) }) else { return nil }
        return "the fields stand between \(name); write commas between them"
    }

    /// The column that holds a field.
    subscript(field: BarField) -> Int? { columns[field.rawValue] }

    /// Whether a column holds what the venue says of a day.
    var hasDays: Bool { BarField.ofDay.contains { self[$0] != nil } }

    /// The field of each column, nil for one that is not used.
    var fields: [BarField?] {
        names.indices.map { index in BarField.allCases.first { self[$0] == index } }
    }

    private func column(of field: BarField, symbol: Symbol?) throws(QuantError) -> Int? {
        let exact = names.indices.filter { names[$0] == field.name }
        let meant = exact.isEmpty ? names.indices.filter { field.isMeant(by: names[$0]) } : exact
        guard meant.count < 2 else {
            let written = Set(meant.map { names[$0] }).sorted().joined(separator: ", ")
            let detail = "the header names the column '\(field.name)' \(meant.count) times"
            throw Self.error(exact.isEmpty ? "\(detail) (\(written))" : detail, symbol)
        }
        if let column = meant.first { return column }
        // An index without a name is what is left of a table's times.
        let index = ["", "__index_level_0__"]
        if field == .timestamp, let first = names.first, index.contains(first) { return 0 }
        if field == .timestamp, let last = names.last, last == index[1] { return names.count - 1 }
        guard !field.isOptional, field != .symbol || symbol == nil else { return nil }
        let near = nearest(to: field).map { "; did you mean '\($0)'?" } ?? ""
        throw Self.error("the header has no column '\(field.name)'\(near)", symbol)
    }

    /// The name that is no other field's and differs least, when it differs by two letters at most.
    private func nearest(to field: BarField) -> String? {
        let free = names.filter { name in !BarField.allCases.contains { $0.isMeant(by: name) } }
        let distances = free.map { Self.distance(BarField.plain($0), field.name) }
        guard let least = distances.min(), least <= 2 else { return nil }
        return zip(free, distances).first { $0.1 == least }?.0
    }

    /// The number of letters to change, add or drop that turns one word into another.
    private static func distance(_ left: String, _ right: String) -> Int {
        guard left.utf8.count <= 32 else { return .max }
        let target = Array(right.utf8)
        var row = Array(0...target.count)
        for (index, letter) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let change = diagonal + (target[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, diagonal + 1, row[column] + 1)
            }
        }
        return row[target.count]
    }

    private static func error(_ detail: String, _ symbol: Symbol?) -> QuantError {
        QuantError(
            BarFault(
                .missingColumn,
                line: 1,
                symbol: symbol?.description,
                time: nil,
                detail: detail
            ),
            code: .missingColumn
        )
    }
}
