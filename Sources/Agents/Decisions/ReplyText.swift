// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Finds the one JSON value that a model's last words consist of.
///
/// What models often get wrong is put right where that cannot change what is meant: a fence around
/// the value, invisible characters, quotation marks and punctuation of other scripts, and commas
/// before the end of a list. Everything else is refused; nothing is ever taken out of prose.
enum ReplyText {
    /// The most bytes of an answer.
    static let limitBytes = 1 << 20

    /// The value.
    static func value(_ text: String) throws(ReplyFault) -> JSON {
        guard text.utf8.count <= limitBytes else {
            throw .malformed("longer than \(limitBytes) bytes")
        }
        let visible = String(
            text.unicodeScalars.filter { !invisible.contains($0) }.map(Character.init)
        )
        var body = trimmed(visible[...])
        if body.hasPrefix("```") { body = try unfenced(body) }
        guard let first = body.unicodeScalars.first, openers.contains(first) else { throw .prose }
        do throws(JSONError) {
            return try JSON(parsing: Array(normalized(body).utf8))
        } catch {
            throw .malformed(error.description)
        }
    }

    private static let invisible: Set<Unicode.Scalar> = [
        "\u{FEFF}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}",
    ]
    private static let openers: Set<Unicode.Scalar> = ["{", "[", "｛", "［"]

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    /// What stands in the one fence that all of the text is.
    private static func unfenced(_ text: Substring) throws(ReplyFault) -> Substring {
        guard let end = text.firstIndex(where: \.isNewline), text.hasSuffix("```") else {
            throw .prose
        }
        let mark = text[text.startIndex..<end].dropFirst(3)
        guard trimmed(mark).allSatisfy({ $0.isLetter || $0.isNumber }) else { throw .prose }
        let rest = text[end...].dropLast(3)
        guard !rest.contains("```") else { throw .prose }
        return trimmed(rest)
    }

    private static let punctuation: [Unicode.Scalar: Unicode.Scalar] = [
        "｛": "{", "｝": "}", "［": "[", "］": "]", "：": ":", "，": ",", "\u{3000}": " ",
        "\u{A0}": " ",
    ]
    /// How texts may begin, and how they end then.
    private static let quotes: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "\u{201C}": "\u{201D}", "\u{FF02}": "\u{FF02}",
    ]

    /// The same with plain punctuation outside of texts, plain marks around them, and no comma
    /// before an end.
    private static func normalized(_ text: Substring) -> String {
        var result = String.UnicodeScalarView()
        var ending: Unicode.Scalar?
        var isEscaped = false
        var comma: String.UnicodeScalarView?
        // A comma is only dropped behind a value.
        var last: Unicode.Scalar = "["
        for scalar in text.unicodeScalars {
            if let end = ending {
                if isEscaped {
                    isEscaped = false
                    result.append(scalar)
                } else if scalar == end {
                    ending = nil
                    result.append("\"")
                } else {
                    isEscaped = scalar == "\\"
                    if scalar == "\"" { result.append("\\") }
                    result.append(scalar)
                }
                continue
            }
            let plain = punctuation[scalar] ?? scalar
            if var held = comma {
                if plain.properties.isWhitespace {
                    held.append(plain)
                    comma = held
                    continue
                }
                if plain != "}" && plain != "]" || "[{,:".unicodeScalars.contains(last) {
                    result.append(",")
                }
                result.append(contentsOf: held)
                comma = nil
            }
            if let end = quotes[plain] {
                ending = end
                last = "\""
                result.append("\"")
            } else if plain == "," {
                comma = String.UnicodeScalarView()
            } else {
                if !plain.properties.isWhitespace { last = plain }
                result.append(plain)
            }
        }
        if let comma {
            result.append(",")
            result.append(contentsOf: comma)
        }
        return String(result)
    }
}
