// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ParquetFormat {
    /// The head of a page, whose bytes are as long as said and follow it.
    static func head(
        _ kind: Page,
        _ checksum: UInt32,
        _ length: Int,
        _ values: Int,
        _ encoding: Encoding = .plain
    ) -> [UInt8] {
        var writer = ThriftWriter()
        writer.integer(1, kind.rawValue)
        writer.integer(2, length)
        writer.integer(3, length)
        writer.integer(4, Int(Int32(bitPattern: checksum)))
        writer.structure(kind == .data ? 5 : 7) { head in
            head.integer(1, values)
            head.integer(2, encoding.rawValue)
            guard kind == .data else { return }
            head.integer(3, Encoding.runLength.rawValue)
            head.integer(4, Encoding.runLength.rawValue)
        }
        writer.end()
        return writer.bytes
    }
}
