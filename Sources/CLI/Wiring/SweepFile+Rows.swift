// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension SweepFile {
    /// The bytes that are read at a time.
    private static let piece = 1 << 20

    /// Gives the rows to the body, so many at a time; memory does not grow with their number.
    func forEachBatch(of size: Int, _ body: ([SweepLine]) throws -> Void) throws {
        var lines: [SweepLine] = []
        try forEachRow(of: try rowsName()) { row, _ in
            if let line = SweepLine(row[...], parameters: names.count) { lines.append(line) }
            guard lines.count == size else { return }
            try body(lines)
            lines.removeAll(keepingCapacity: true)
        }
        try body(lines)
    }

    /// Reads the whole rows, each in turn, and cuts off one that was not finished.
    /// - Returns: The number of rows.
    func takeRows(_ body: (SweepLine) -> Void) throws -> Int {
        let name = try rowsName()
        var whole = 0
        var count = 0
        try forEachRow(of: name) { row, end in
            if whole == 0 {
                guard row == SweepLine.header(names) else { throw otherHeader }
            } else {
                guard let line = SweepLine(row[...], parameters: names.count), line.index == count
                else {
                    throw Failure(
                        "\(file.path).part, line \(count + 2): expected combination \(count)",
                        .badData
                    )
                }
                body(line)
                count += 1
            }
            whole = end
        }
        guard whole > 0 else { throw otherHeader }
        try file.folder.cut(name, to: whole)
        return count
    }

    private var otherHeader: Failure {
        Failure("\(file.path).part has another header; remove it", .badData)
    }

    /// Calls the body with each line that ends with a line feed, and the place behind it.
    private func forEachRow(of name: String, _ body: (String, Int) throws -> Void) throws {
        var rest: [UInt8] = []
        var offset = 0
        while true {
            let bytes = try file.folder.read(name, from: offset, atMost: Self.piece)
            guard !bytes.isEmpty else { return }
            var start = 0
            while let end = bytes[start...].firstIndex(of: 0x0A) {
                rest += bytes[start..<end]
                start = end + 1
                try body(String(decoding: rest, as: UTF8.self), offset + start)
                rest.removeAll(keepingCapacity: true)
            }
            rest += bytes[start...]
            offset += bytes.count
        }
    }
}
