// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The little Markdown that rules need: headings, list items, a code span at the end.
enum RuleText {
    enum Item {
        case heading(String, line: Int)
        case bullet(String, line: Int)
    }

    /// The headings and list items of a body, wrapped items joined, code blocks left out.
    static func items(in body: String, firstLine: Int) -> [Item] {
        var items: [Item] = []
        var fence: String?
        for (offset, raw) in FrontMatter.lines(of: body).enumerated() {
            let text = trimmed(raw)
            let line = firstLine + offset
            if let open = fence {
                if text.hasPrefix(open), text.allSatisfy({ $0 == open.first }) { fence = nil }
            } else if let open = Self.fence(of: text) {
                fence = open
            } else if text.hasPrefix("#") {
                items.append(.heading(trimmed(text.drop { $0 == "#" }), line: line))
            } else if let item = listItem(text) {
                items.append(.bullet(item, line: line))
            } else if !text.isEmpty, raw.first == " " || raw.first == "\t",
                case .bullet(let begun, let line)? = items.last
            {
                items[items.count - 1] = .bullet("\(begun) \(text)", line: line)
            }
        }
        return items
    }

    /// The marks that open a code block; nil for any other line.
    private static func fence(of text: String) -> String? {
        for mark: Character in ["`", "~"] {
            let marks = text.prefix { $0 == mark }
            if marks.count >= 3, !text.dropFirst(marks.count).contains("`") { return String(marks) }
        }
        return nil
    }

    /// The text of a list item behind `-`, `*`, `+` or a number; nil for any other line.
    private static func listItem(_ text: String) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let rest = text.dropFirst(digits.count)
        let marks: [Character] = digits.isEmpty ? ["-", "*", "+"] : [".", ")"]
        guard digits.count <= 9, let mark = rest.first, marks.contains(mark),
            let blank = rest.dropFirst().first, blank == " " || blank == "\t"
        else { return nil }
        return trimmed(rest.dropFirst(2))
    }

    /// `report` for `Rules for a report`; nil for a heading that is not about rules.
    static func subjectName(of title: String) -> String? {
        let words = title.lowercased().split(separator: " ")
        guard words.count >= 3, words[0] == "rules", words[1] == "for" else { return nil }
        return words.last.map(String.init)
    }

    /// The sentence and the predicate of an item; nil when it does not end in a code span.
    static func split(_ item: String) -> (text: String, predicate: String)? {
        guard item.hasSuffix("`") else { return nil }
        let inner = item.dropLast()
        guard let open = inner.lastIndex(of: "`") else { return nil }
        let predicate = trimmed(inner[inner.index(after: open)...])
        guard !predicate.isEmpty else { return nil }
        return (trimmed(inner[..<open]), predicate)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        var rest = Substring(text).drop(while: blank)
        while let last = rest.last, blank(last) { rest.removeLast() }
        return String(rest)
    }
}
