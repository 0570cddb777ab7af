// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The ways to decompress pages that the caller brings along.
///
/// Uncompressed pages and those compressed with Snappy are always read.
public struct ParquetCodecs: Sendable {
    /// Fills the second memory from the first and returns the bytes written, or nil on failure.
    public typealias Decompressor =
        @Sendable (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Int?

    /// Decompresses one Zstandard frame.
    public let zstd: Decompressor?

    /// Creates a set of codecs.
    public init(zstd: Decompressor? = nil) {
        self.zstd = zstd
    }

    /// Decompresses a page to exactly as many bytes as there is room for.
    func decompress(
        _ page: UnsafeBufferPointer<UInt8>,
        codec: Int,
        into room: UnsafeMutableBufferPointer<UInt8>,
        place: String
    ) throws(QuantError) {
        let found: Int?
        switch ParquetFormat.Codec(rawValue: codec) {
        case .snappy: found = Snappy.decompress(page, into: room)
        case .zstd:
            guard let zstd else {
                throw .parquet("\(place) is compressed with zstd, not read here", .unsupported)
            }
            found = zstd(UnsafeRawBufferPointer(page), UnsafeMutableRawBufferPointer(room))
        case let codec?:
            throw .parquet(
                "\(place) is compressed with \(codec.name); write it with snappy, zstd or none",
                .unsupported
            )
        case nil: throw .parquet("\(place) has an unknown compression, \(codec)")
        }
        guard found == room.count else {
            throw .parquet("\(place) does not decompress to \(room.count) bytes: it is damaged")
        }
    }
}
