// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ParquetTable {
    /// What stands at the end: the columns, and where their values lie.
    var footer: [UInt8] {
        var writer = ThriftWriter()
        writer.integer(1, 1)
        writer.structures(2, Array(-1..<columns.count)) { schema(&$0, $1) }
        writer.integer(3, groups.reduce(0) { $0 + $1.rows }, isLong: true)
        writer.structures(4, groups) { writer, group in
            writer.structures(1, Array(columns.indices)) { writer, column in
                writer.integer(2, 0, isLong: true)
                writer.structure(3) { details(&$0, group, column) }
            }
            writer.integer(2, group.chunks.reduce(0) { $0 + $1.bytes }, isLong: true)
            writer.integer(3, group.rows, isLong: true)
        }
        writer.text(6, Self.creator.utf8)
        writer.end()
        return writer.bytes
    }

    /// The root, for -1, or a column.
    private func schema(_ writer: inout ThriftWriter, _ index: Int) {
        guard index >= 0 else {
            writer.text(4, "table".utf8)
            writer.integer(5, columns.count)
            return
        }
        let column = columns[index]
        writer.integer(1, column.kind.physical.rawValue)
        writer.integer(3, 0)
        writer.text(4, column.name.utf8)
        guard column.kind == .texts else { return }
        writer.integer(6, 0)
        writer.structure(10) { $0.structure(1) { _ in } }
    }

    private func details(_ writer: inout ThriftWriter, _ group: Group, _ column: Int) {
        let chunk = group.chunks[column]
        let encodings: [ParquetFormat.Encoding] = [.plain, .runLength]
        writer.integer(1, columns[column].kind.physical.rawValue)
        writer.integers(2, encodings.map(\.rawValue))
        writer.texts(3, [columns[column].name])
        writer.integer(4, ParquetFormat.Codec.uncompressed.rawValue)
        writer.integer(5, group.rows, isLong: true)
        writer.integer(6, chunk.bytes, isLong: true)
        writer.integer(7, chunk.bytes, isLong: true)
        writer.integer(9, chunk.start, isLong: true)
    }
}

extension ParquetTable.Kind {
    fileprivate var physical: ParquetFormat.Physical {
        switch self {
        case .integers: .int64
        case .numbers: .double
        case .texts: .byteArray
        }
    }
}
