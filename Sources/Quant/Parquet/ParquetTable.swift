// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Writes a table as Parquet, so many rows at a time.
///
/// The bytes of ``begin()``, of each ``group(_:)`` and of ``finish()`` make the file, one behind
/// another; only the places of the columns are kept. All values are plain and uncompressed, and
/// each row has one in each column; a number that is missing is NaN. The same rows in the same
/// groups give the same bytes.
public struct ParquetTable: Sendable {
    /// What a column holds.
    public enum Kind: Sendable, Hashable {
        /// Whole numbers of 64 bits.
        case integers
        /// Doubles.
        case numbers
        /// Texts.
        case texts
    }

    /// The values of a column in some rows.
    public enum Values: Sendable, Hashable {
        /// Whole numbers.
        case integers([Int64])
        /// Numbers, NaN for missing ones.
        case numbers([Double])
        /// Texts.
        case texts([String])
    }

    /// The rows of a group, unless there are fewer left.
    public static let groupRows = 1 << 16

    static let creator = "loopdesk tables version 1"

    /// A row group: its number of rows, and where each column lies.
    struct Group: Sendable {
        let rows: Int
        var chunks: [(start: Int, bytes: Int)] = []
    }

    let columns: [(name: String, kind: Kind)]
    private(set) var groups: [Group] = []
    private var written = 0

    /// Creates a table without rows; it has at least one column, and each name is used once.
    public init(_ columns: [(name: String, kind: Kind)]) {
        precondition(!columns.isEmpty, "a table has a column")
        precondition(
            Set(columns.map(\.name)).count == columns.count,
            "the columns of a table have different names"
        )
        self.columns = columns
    }

    /// The first bytes of the file.
    public mutating func begin() -> [UInt8] {
        written = ParquetFormat.magic.count
        groups = []
        return ParquetFormat.magic
    }

    /// The bytes of more rows, given as columns that are equally long.
    public mutating func group(_ values: [Values]) -> [UInt8] {
        precondition(written > 0, "a table is begun before it has rows")
        precondition(values.map(\.kind) == columns.map(\.kind), "the columns are of their kinds")
        let rows = values.first?.count ?? 0
        precondition(values.allSatisfy { $0.count == rows }, "columns are equally long")
        guard rows > 0 else { return [] }
        var group = Group(rows: rows)
        var bytes: [UInt8] = []
        for column in values {
            let page = column.bytes
            precondition(page.count <= Int32.max, "a page has a length of 31 bits")
            let head = ParquetFormat.head(.data, Checksum.crc32(page), page.count, rows)
            group.chunks.append((written + bytes.count, head.count + page.count))
            bytes += head
            bytes += page
        }
        written += bytes.count
        groups.append(group)
        return bytes
    }

    /// The last bytes of the file.
    public func finish() -> [UInt8] {
        let footer = footer
        let length = withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) }
        return footer + length + ParquetFormat.magic
    }
}

extension ParquetTable.Values {
    /// What they are.
    var kind: ParquetTable.Kind {
        switch self {
        case .integers: .integers
        case .numbers: .numbers
        case .texts: .texts
        }
    }

    var count: Int {
        switch self {
        case .integers(let values): values.count
        case .numbers(let values): values.count
        case .texts(let values): values.count
        }
    }

    /// The values one behind another; a text follows its length.
    var bytes: [UInt8] {
        switch self {
        case .integers(let values): return values.withUnsafeBytes { Array($0) }
        case .numbers(let values): return values.withUnsafeBytes { Array($0) }
        case .texts(let values):
            var bytes: [UInt8] = []
            for text in values {
                withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { bytes += $0 }
                bytes += text.utf8
            }
            return bytes
        }
    }
}
