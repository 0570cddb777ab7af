// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A function, initialiser, subscript or computed property with a body.
struct FunctionBody {
    let name: String
    /// Where its keyword is among the tokens of the file.
    let start: Int
    /// The tokens between its braces.
    let tokens: ArraySlice<Token>
    let firstLine: Int
    let lastLine: Int

    /// The number of lines from its keyword to its closing brace.
    var lineCount: Int { lastLine - firstLine + 1 }

    private static let keywords: Set = ["func", "init", "deinit", "subscript", "var"]
    private static let nextDeclaration: Set = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum",
        "protocol", "extension", "typealias", "associatedtype", "import", "static", "}", ";",
    ]

    /// The functions of a file, nested ones too, in order.
    static func all(in tokens: [Token]) -> [FunctionBody] {
        tokens.indices.compactMap { FunctionBody(tokens, at: $0) }
    }

    private init?(_ tokens: [Token], at start: Int) {
        guard Self.isDeclaration(tokens, at: start),
            let opening = Self.openingBrace(tokens, after: start),
            let closing = Self.closingBrace(tokens, from: opening)
        else { return nil }
        let isNamed = ["func", "var"].contains(tokens[start].text)
        self.name = isNamed ? tokens[start + 1].text : tokens[start].text
        self.start = start
        self.tokens = tokens[(opening + 1)..<closing]
        firstLine = tokens[start].line
        lastLine = tokens[closing].line
    }

    private static func isDeclaration(_ tokens: [Token], at index: Int) -> Bool {
        guard keywords.contains(tokens[index].text), index + 1 < tokens.count else { return false }
        return index == 0 || ![".", "`", ":"].contains(tokens[index - 1].text)
    }

    /// The brace that opens the body: the first one outside all parentheses.
    private static func openingBrace(_ tokens: [Token], after start: Int) -> Int? {
        let isProperty = tokens[start].text == "var"
        var depth = 0
        for index in tokens.indices[(start + 1)...] {
            let text = tokens[index].text
            if isProperty, tokens[index].line > tokens[start].line { return nil }
            if isProperty, depth == 0, text == "=" { return nil }
            if depth == 0, text == "{" { return index }
            if depth == 0, index > start + 1, nextDeclaration.contains(text) { return nil }
            if text == "(" || text == "[" { depth += 1 }
            if text == ")" || text == "]" { depth -= 1 }
            if depth < 0 { return nil }
        }
        return nil
    }

    private static func closingBrace(_ tokens: [Token], from opening: Int) -> Int? {
        var depth = 0
        for index in tokens.indices[opening...] {
            if tokens[index].text == "{" { depth += 1 }
            if tokens[index].text == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }
}
