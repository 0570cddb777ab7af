// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Arguments of a tool in which words in braces stand for what is to be told.
public struct ArgumentTemplate: Sendable, Hashable {
    private let json: JSON

    /// Takes arguments as they are written.
    public init(_ json: JSON) {
        self.json = json
    }

    /// The first word in braces that is none of these; nil when there is none.
    func unknownWord(among words: [String]) -> String? { Self.unknownWord(in: json, words) }

    /// The arguments with those of another template put behind them.
    func adding(_ other: ArgumentTemplate) -> ArgumentTemplate {
        guard case .object(let own) = json, case .object(let more) = other.json else {
            return self
        }
        return ArgumentTemplate(.object(own + more))
    }

    /// The names of the arguments.
    var names: [String] {
        if case .object(let members) = json { members.map(\.name) } else { [] }
    }

    /// Whether a word in braces stands anywhere.
    public func mentions(_ word: String) -> Bool {
        filled([word: "\u{0}"]).compactText.contains("\\u0000")
    }

    /// The arguments with words filled in; what is filled in is not looked at again.
    public func filled(_ values: [String: String]) -> JSON { Self.fill(json, values) }

    private static func fill(_ json: JSON, _ values: [String: String]) -> JSON {
        switch json {
        case .string(let text): .string(pieces(of: text).map { $0.text(values) }.joined())
        case .array(let elements): .array(elements.map { fill($0, values) })
        case .object(let members):
            .object(members.map { JSON.Member($0.name, fill($0.value, values)) })
        default: json
        }
    }

    private static func unknownWord(in json: JSON, _ words: [String]) -> String? {
        switch json {
        case .string(let text):
            pieces(of: text).compactMap(\.word).first { !words.contains($0) }
        case .array(let elements): elements.lazy.compactMap { unknownWord(in: $0, words) }.first
        case .object(let members):
            members.lazy.compactMap { unknownWord(in: $0.value, words) }.first
        default: nil
        }
    }

    /// A part of a text: as it stands, or a word in braces.
    private enum Piece {
        case plain(Substring)
        case filled(Substring)

        var word: String? {
            if case .filled(let word) = self { String(word) } else { nil }
        }

        func text(_ values: [String: String]) -> String {
            switch self {
            case .plain(let text): String(text)
            case .filled(let word): values[String(word)] ?? "{\(word)}"
            }
        }
    }

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            let inner = rest[rest.index(after: open)...]
            let word = inner.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
            guard !word.isEmpty, word.endIndex < inner.endIndex, inner[word.endIndex] == "}" else {
                pieces.append(.plain(rest[...open]))
                rest = inner
                continue
            }
            pieces += [.plain(rest[..<open]), .filled(word)]
            rest = inner[inner.index(after: word.endIndex)...]
        }
        return pieces + [.plain(rest)]
    }
}
