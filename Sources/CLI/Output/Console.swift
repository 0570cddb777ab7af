// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc

/// Writes results to standard output and progress to the terminal.
struct Console {
    /// Whether progress may be shown: standard error is a terminal.
    let showsProgress = isatty(2) == 1

    /// Prints a result for people.
    func say(_ text: String) {
        print(text)
    }

    /// Prints a result for programs: one JSON object on one line.
    func say(_ json: JSON) {
        print(json.compactText)
    }

    /// Says something for people that is no result.
    func note(_ text: String) {
        Self.write("loopdesk: \(text)\n", to: 2)
    }

    /// Shows progress on one line that is written over; nothing when nobody watches.
    func progress(_ text: String) {
        guard showsProgress else { return }
        Self.write("\r\u{1B}[K\(text)", to: 2)
    }

    /// Removes the line of progress.
    func endProgress() {
        guard showsProgress else { return }
        Self.write("\r\u{1B}[K", to: 2)
    }

    /// Writes a text to a descriptor at once.
    static func write(_ text: String, to descriptor: Int32) {
        _ = send(Array(text.utf8), to: descriptor)
    }

    /// Writes bytes to a descriptor at once, and returns whether all could be written.
    static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 else {
                    if count < 0, errno == EINTR { continue }
                    return false
                }
                sent += count
            }
            return true
        }
    }

    /// Waits for standard input and returns what there is, up to a limit; nil at its end.
    static func receive(limitBytes: Int) throws(Failure) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limitBytes) { buffer, count in
            var received = Glibc.read(0, buffer.baseAddress, limitBytes)
            while received < 0, errno == EINTR {
                received = Glibc.read(0, buffer.baseAddress, limitBytes)
            }
            failed = received < 0
            count = max(0, received)
        }
        guard !failed else { throw Failure("cannot read standard input", .inputOutput) }
        return bytes.isEmpty ? nil : bytes
    }

    /// Prints rows of equally many fields, aligned to the right.
    func grid(_ rows: [[String]]) {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let fields = zip(row, widths).map { text, width in
                String(repeating: " ", count: width - text.count) + text
            }
            print("  \(fields.joined(separator: "  "))")
        }
    }

    /// Prints rows of equally many fields, aligned to the left.
    func columns(_ rows: [[String]]) {
        let count = rows.first?.count ?? 0
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            var line = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            print("  \(line)")
        }
    }

    /// Prints names and values in two columns.
    func table(_ rows: [(String, String)]) {
        let width = rows.map(\.0.count).max() ?? 0
        for (name, value) in rows {
            let pad = String(repeating: " ", count: width - name.count)
            print("  \(name)\(pad)  \(value)")
        }
    }
}
