// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Text from outside that is shown on a terminal.
enum PlainText {
    /// One line in which no character can move the cursor, change colours or end the line.
    static func line(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09: shown += "\t"
            case 0..<0x20, 0x7F..<0xA0: shown += "\\u{\(String(scalar.value, radix: 16))}"
            // Marks that turn the direction of writing could make a line read differently.
            case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
