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
        var isCode = false
        for (offset, raw) in body.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let text = trimmed(raw)
            if text.hasPrefix("```") { isCode.toggle() }
            guard !isCode else { continue }
            if text.hasPrefix("#") {
                items.append(.heading(trimmed(text.drop { $0 == "#" }), line: firstLine + offset))
            } else if text.hasPrefix("- ") || text.hasPrefix("* ") {
                items.append(.bullet(trimmed(text.dropFirst(2)), line: firstLine + offset))
            } else if !text.isEmpty, raw.first == " ", case .bullet(let begun, let line)? = items.last {
                items[items.count - 1] = .bullet("\(begun) \(text)", line: line)
            }
        }
        return items
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
