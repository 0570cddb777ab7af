// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The ways to decompress pages that the caller brings along.
///
/// Uncompressed pages and those compressed with Snappy or LZ4 are always read.
public struct ParquetCodecs: Sendable {
    /// Fills the second memory from the first and returns the bytes written, or nil on failure.
    public typealias Decompressor =
        @Sendable (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Int?

    /// Decompresses one Zstandard frame.
    public let zstd: Decompressor?

    /// Decompresses gzip members.
    public let gzip: Decompressor?

    /// Creates a set of codecs.
    public init(zstd: Decompressor? = nil, gzip: Decompressor? = nil) {
        self.zstd = zstd
        self.gzip = gzip
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
        case .lz4Raw: found = LZ4.decompress(page, into: room)
        case .lz4: found = LZ4.decompressFramed(page, into: room)
        case let codec?:
            guard let decompress = codec == .zstd ? zstd : codec == .gzip ? gzip : nil else {
                throw .parquet(
                    "\(place) is compressed with \(codec.name), which is not read here; write it"
                        + " with snappy or without compression",
                    .unsupported
                )
            }
            found = decompress(UnsafeRawBufferPointer(page), UnsafeMutableRawBufferPointer(room))
        case nil: throw .parquet("\(place) has an unknown compression, \(codec)")
        }
        guard found == room.count else {
            throw .parquet("\(place) does not decompress to \(room.count) bytes: it is damaged")
        }
    }
}
