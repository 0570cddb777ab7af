// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The numbers that the Parquet format gives to its kinds of things.
enum ParquetFormat {
    /// How a value lies in memory.
    enum Physical: Int {
        case boolean, int32, int64, int96, float, double, byteArray, fixedByteArray

        /// The bytes of one value; 0 when they vary.
        var width: Int {
            switch self {
            case .int32, .float: 4
            case .int64, .double: 8
            case .int96: 12
            case .boolean, .byteArray, .fixedByteArray: 0
            }
        }
    }

    /// How values are written one behind another.
    enum Encoding: Int {
        case plain = 0
        case plainDictionary = 2
        case runLength = 3
        case bitPacked = 4
        case deltaBinaryPacked = 5
        case deltaLengthByteArray = 6
        case deltaByteArray = 7
        case runLengthDictionary = 8
        case byteStreamSplit = 9

        var name: String {
            switch self {
            case .plain: "PLAIN"
            case .plainDictionary: "PLAIN_DICTIONARY"
            case .runLength: "RLE"
            case .bitPacked: "BIT_PACKED"
            case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
            case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
            case .deltaByteArray: "DELTA_BYTE_ARRAY"
            case .runLengthDictionary: "RLE_DICTIONARY"
            case .byteStreamSplit: "BYTE_STREAM_SPLIT"
            }
        }
    }

    /// How pages are compressed.
    enum Codec: Int {
        case uncompressed, snappy, gzip, lzo, brotli, lz4, zstd, lz4Raw

        var name: String { "\(self)" }
    }

    /// The kinds of page.
    enum Page: Int {
        case data, index, dictionary, dataV2
    }

    /// What a whole number stands for.
    enum Meaning: Hashable {
        case plain
        case unsigned
        case text
        case date
        case time(nanoseconds: Int64)
        case decimal(scale: Int)
        case other
    }

    static let magic = Array("PAR1".utf8)
}
