// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a Parquet file says about itself at its end.
struct ParquetFooter: Sendable {
    /// One column of the schema; those inside groups are not flat.
    struct Column: Sendable {
        var name = ""
        var physical: ParquetFormat.Physical?
        var meaning = ParquetFormat.Meaning.plain
        /// The bytes of a value of fixed length.
        var length = 0
        var isOptional = false
        var isFlat = true
    }

    /// The values of one column in one row group.
    struct Chunk: Sendable {
        var codec = -1
        var values: Int64 = -1
        var compressedBytes: Int64 = -1
        var dataOffset: Int64 = -1
        var dictionaryOffset: Int64 = 0
        var least: String?
        var greatest: String?
        var isElsewhere = false
    }

    /// Some rows.
    struct RowGroup: Sendable {
        var rows: Int64 = -1
        var chunks: [Chunk] = []
    }

    var columns: [Column] = []
    var rows: Int64 = -1
    var rowGroups: [RowGroup] = []
    var notes: [String: String] = [:]
    var creator = ""

    /// Reads the end of a file.
    /// - Throws: A ``QuantError`` with code `badFile`.
    init(file: UnsafeBufferPointer<UInt8>) throws(QuantError) {
        let magic = ParquetFormat.magic
        guard file.count >= 12, file.prefix(4).elementsEqual(magic) else {
            throw .parquet("it does not begin with PAR1, or is shorter than 12 bytes")
        }
        guard file.suffix(4).elementsEqual(magic) else {
            throw .parquet("it does not end with PAR1: it is cut short or was not finished")
        }
        let raw = UnsafeRawBufferPointer(file)
        let length = Int(
            UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: file.count - 8, as: UInt32.self))
        )
        guard length <= file.count - 12 else {
            throw .parquet("its footer should have \(length) bytes, which is more than there are")
        }
        let end = file.count - 8
        let footer = UnsafeBufferPointer(rebasing: file[(end - length)..<end])
        var reader = ThriftReader(footer, place: "the footer")
        try read(&reader)
        try check()
    }

    /// The index of a column, by its name.
    func index(of name: String) -> Int? {
        columns.firstIndex { $0.name == name }
    }

    private func check() throws(QuantError) {
        guard !columns.isEmpty else { throw .parquet("the footer names no columns") }
        var sum: Int64 = 0
        for (index, group) in rowGroups.enumerated() {
            guard group.rows >= 0, group.chunks.count == columns.count else {
                throw .parquet(
                    "row group \(index) has \(group.chunks.count) columns and \(group.rows) rows"
                )
            }
            let (total, overflow) = sum.addingReportingOverflow(group.rows)
            guard !overflow else { throw .parquet("the row groups have too many rows") }
            sum = total
        }
        guard sum == rows else {
            throw .parquet("the footer counts \(rows) rows and its row groups have \(sum)")
        }
    }
}
