// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Reading of the tables: one row a line, columns between spaces, `-` for nothing.
extension InstrumentTables {
    /// The columns of each row.
    static func rows(_ text: String) -> [[Substring]] {
        text.split(separator: "\n").map { $0.split(separator: " ") }.filter { !$0.isEmpty }
    }

    /// A column that must be there in the program's own tables.
    static func require<Value>(_ value: Value?, _ row: [Substring]) -> Value {
        guard let value else {
            preconditionFailure(
                "a table of instruments is wrong in '\(row.joined(separator: " "))'"
            )
        }
        return value
    }

    static func date(_ text: String) -> CalendarDate {
        require(CalendarDate(text), [text[...]])
    }
}
