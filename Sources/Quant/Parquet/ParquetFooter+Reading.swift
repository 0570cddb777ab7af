// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ParquetFooter {
    mutating func read(_ reader: inout ThriftReader) throws(QuantError) {
        var elements: [Element] = []
        var footer = self
        try reader.fields { (reader: inout ThriftReader, field, _) throws(QuantError) -> Bool in
            switch field {
            case 2:
                try reader.list { (reader: inout ThriftReader) throws(QuantError) in
                    elements.append(try Element(&reader))
                }
            case 3: footer.rows = try reader.integer()
            case 4:
                try reader.list { (reader: inout ThriftReader) throws(QuantError) in
                    footer.rowGroups.append(try RowGroup(&reader))
                }
            case 5:
                try reader.list { (reader: inout ThriftReader) throws(QuantError) in
                    let (key, value) = try Self.note(&reader)
                    footer.notes[key] = value
                }
            case 6: footer.creator = try reader.text()
            default: return false
            }
            return true
        }
        self = footer
        columns = try Self.leaves(of: elements)
    }

    /// The columns of a schema, which lists groups in front of what is in them.
    private static func leaves(of elements: [Element]) throws(QuantError) -> [Column] {
        var columns: [Column] = []
        // How many elements are left of each group that is open.
        var open: [Int64] = []
        for (index, element) in elements.enumerated() {
            while let last = open.last, last == 0 { open.removeLast() }
            if !open.isEmpty { open[open.count - 1] -= 1 }
            if index == 0 || element.children > 0 {
                guard open.count < 64, element.children >= 0 else {
                    throw .parquet("the schema is nested too deeply")
                }
                open.append(element.children)
                continue
            }
            var column = element.column
            column.isFlat = open.count == 1 && element.repetition != 2
            columns.append(column)
        }
        return columns
    }

    private static func note(
        _ reader: inout ThriftReader
    ) throws(QuantError) -> (String, String) {
        var (key, value) = ("", "")
        try reader.fields { (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
            guard kind == .binary else { return false }
            switch field {
            case 1: key = try reader.text()
            case 2: value = try reader.text()
            default: return false
            }
            return true
        }
        return (key, value)
    }

    /// One entry of the schema: a column or a group.
    private struct Element {
        var column = Column()
        var children: Int64 = 0
        var repetition: Int64 = 0
        private var scale = 0

        init(_ reader: inout ThriftReader) throws(QuantError) {
            var converted: Int64 = -1
            var logical: ParquetFormat.Meaning?
            var element = self
            try reader.fields {
                (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
                switch (field, kind) {
                case (1, .int32):
                    element.column.physical = ParquetFormat.Physical(
                        rawValue: Int(try reader.integer())
                    )
                case (2, .int32): element.column.length = Int(try reader.integer())
                case (3, .int32): element.repetition = try reader.integer()
                case (4, .binary): element.column.name = try reader.text()
                case (5, .int32): element.children = try reader.integer()
                case (6, .int32): converted = try reader.integer()
                case (7, .int32): element.scale = Int(try reader.integer())
                case (10, .structure): logical = try Self.meaning(&reader)
                default: return false
                }
                return true
            }
            self = element
            column.isOptional = repetition == 1
            column.meaning = logical ?? Self.meaning(converted, scale: scale)
        }

        private static func meaning(_ converted: Int64, scale: Int) -> ParquetFormat.Meaning {
            switch converted {
            case -1, 15...18: .plain
            case 0: .text
            case 5: .decimal(scale: scale)
            case 6: .date
            case 9: .time(nanoseconds: 1_000_000)
            case 10: .time(nanoseconds: 1000)
            case 11...14: .unsigned
            default: .other
            }
        }

        private static func meaning(
            _ reader: inout ThriftReader
        ) throws(QuantError) -> ParquetFormat.Meaning {
            var meaning = ParquetFormat.Meaning.other
            try reader.fields {
                (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
                guard kind == .structure else { return false }
                switch field {
                case 1: meaning = .text
                case 6: meaning = .date
                case 5:
                    meaning = .decimal(scale: Int(try Self.numbers(&reader)[1] ?? 0))
                    return true
                case 8:
                    meaning = .time(nanoseconds: try Self.unit(&reader))
                    return true
                case 10:
                    meaning = try Self.isSigned(&reader) ? .plain : .unsigned
                    return true
                default: break
                }
                return false
            }
            return meaning
        }

        private static func numbers(
            _ reader: inout ThriftReader
        ) throws(QuantError) -> [Int: Int64] {
            var numbers: [Int: Int64] = [:]
            try reader.fields {
                (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
                guard kind == .int32 else { return false }
                numbers[field] = try reader.integer()
                return true
            }
            return numbers
        }

        private static func isSigned(_ reader: inout ThriftReader) throws(QuantError) -> Bool {
            var isSigned = true
            try reader.fields {
                (_: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
                if field == 2 { isSigned = kind == .yes }
                return false
            }
            return isSigned
        }

        private static func unit(_ reader: inout ThriftReader) throws(QuantError) -> Int64 {
            var nanoseconds: Int64 = 0
            try reader.fields {
                (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
                guard field == 2, kind == .structure else { return false }
                try reader.fields {
                    (_: inout ThriftReader, unit, _) throws(QuantError) -> Bool in
                    nanoseconds = [1: 1_000_000, 2: 1000, 3: 1][unit] ?? 0
                    return false
                }
                return true
            }
            return nanoseconds
        }
    }
}

extension ParquetFooter.RowGroup {
    init(_ reader: inout ThriftReader) throws(QuantError) {
        var group = self
        try reader.fields { (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
            switch (field, kind) {
            case (1, .list):
                try reader.list { (reader: inout ThriftReader) throws(QuantError) in
                    group.chunks.append(try ParquetFooter.Chunk(&reader))
                }
            case (3, .int64): group.rows = try reader.integer()
            default: return false
            }
            return true
        }
        self = group
    }
}

extension ParquetFooter.Chunk {
    init(_ reader: inout ThriftReader) throws(QuantError) {
        var chunk = self
        try reader.fields { (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
            switch (field, kind) {
            case (1, .binary): chunk.isElsewhere = try !reader.text().isEmpty
            case (3, .structure): try chunk.readDetails(&reader)
            default: return false
            }
            return true
        }
        self = chunk
    }

    private mutating func readDetails(_ reader: inout ThriftReader) throws(QuantError) {
        var chunk = self
        try reader.fields { (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
            switch (field, kind) {
            case (4, .int32): chunk.codec = Int(try reader.integer())
            case (5, .int64): chunk.values = try reader.integer()
            case (7, .int64): chunk.compressedBytes = try reader.integer()
            case (9, .int64): chunk.dataOffset = try reader.integer()
            case (11, .int64): chunk.dictionaryOffset = try reader.integer()
            case (12, .structure):
                try reader.fields {
                    (reader: inout ThriftReader, field, kind) throws(QuantError) -> Bool in
                    guard kind == .binary, field == 5 || field == 6 else { return false }
                    let text = try reader.text()
                    if field == 5 { chunk.greatest = text } else { chunk.least = text }
                    return true
                }
            default: return false
            }
            return true
        }
        self = chunk
    }
}
