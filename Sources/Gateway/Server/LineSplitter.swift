// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Cuts the bytes that arrive into lines.
struct LineSplitter {
    let limitBytes: Int
    private var bytes: [UInt8] = []
    private var start = 0
    /// How far the waiting bytes are known to hold no line feed.
    private var searched = 0

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// Whether the oldest waiting bytes make, or are about to make, a line beyond the limit.
    var isOverlong: Bool {
        let end = bytes[searched...].firstIndex(of: 0x0A) ?? bytes.endIndex
        return end - start > limitBytes
    }

    mutating func append(_ more: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// Takes out the oldest whole line without its line feed; nil when there is none.
    mutating func takeLine() -> [UInt8]? {
        guard let end = bytes[searched...].firstIndex(of: 0x0A) else {
            searched = bytes.endIndex
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return Array(bytes[start..<end])
    }
}
