// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ParquetFooter.Chunk {
    /// The bytes of the chunk's pages.
    func bytes(
        of file: UnsafeBufferPointer<UInt8>,
        rows: Int,
        place: String
    ) throws(QuantError) -> UnsafeBufferPointer<UInt8> {
        guard !isElsewhere else {
            throw .parquet("\(place) lies in another file", .unsupported)
        }
        guard values == Int64(rows) else {
            throw .parquet("\(place) has \(values) values for \(rows) rows")
        }
        let hasDictionary = dictionaryOffset > 0 && dictionaryOffset < dataOffset
        let start = hasDictionary ? dictionaryOffset : dataOffset
        let end = Int64(file.count - 8)
        guard start >= 4, compressedBytes >= 0, start <= end, compressedBytes <= end - start else {
            throw .parquet("\(place) lies outside the file")
        }
        let range = Int(start)..<Int(start + compressedBytes)
        return UnsafeBufferPointer(rebasing: file[range])
    }
}
