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
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.write(descriptor, Array(bytes[sent...]), bytes.count - sent)
            guard count > 0 else { return }
            sent += count
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
