// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ParquetColumnReader {
    /// Reads texts that are each written as what differs from the end of the one before:
    /// how many bytes they share, how many follow, and these.
    func readEndings(
        _ content: Bytes,
        into room: UnsafeMutableBufferPointer<Value>
    ) throws(QuantError) {
        guard converter.convertInteger == nil else { throw misfit("texts") }
        let numbers = UnsafeMutableBufferPointer<Int64>.allocate(capacity: room.count * 2)
        defer { numbers.deallocate() }
        let shared = UnsafeMutableBufferPointer(rebasing: numbers[..<room.count])
        let added = UnsafeMutableBufferPointer(rebasing: numbers[room.count...])
        guard let start = RunLengths.differences(content, into: shared) else { throw cut() }
        let rest = Bytes(rebasing: content[start...])
        guard var position = RunLengths.differences(rest, into: added) else { throw cut() }
        var text: [UInt8] = []
        for index in room.indices {
            // Texts of a megabyte that share all but a byte would take for ever.
            guard shared[index] >= 0, shared[index] <= min(text.count, 4096), added[index] >= 0,
                added[index] <= rest.count - position
            else { throw cut() }
            let end = position + Int(added[index])
            text.removeLast(text.count - Int(shared[index]))
            text += rest[position..<end]
            position = end
            guard converter.width == 0 || text.count == converter.width else { throw cut() }
            room[index] = text.withUnsafeBytes { converter.convert($0) }
        }
    }
}
