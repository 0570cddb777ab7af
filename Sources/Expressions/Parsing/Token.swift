// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One word or sign of an expression.
enum Token: Sendable, Equatable {
    case name(String)
    /// A field name in back quotes, which may hold what no other name can.
    case quotedName(String)
    case keyword(Keyword)
    case int(UInt64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case sign(Sign)
    case end

    /// The words that can never be names or fields.
    enum Keyword: String, Sendable {
        case `true`, `false`, null, `in`
    }

    /// The operators and the punctuation.
    enum Sign: String, Sendable {
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
        case comma = ","
        case dot = "."
        case colon = ":"
        case question = "?"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divide = "/"
        case remainder = "%"
        case not = "!"
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case and = "&&"
        case or = "||"

        /// Finds the sign of two characters.
        init?(_ first: UInt8, _ second: UInt8) {
            switch (Unicode.Scalar(first), Unicode.Scalar(second)) {
            case ("=", "="): self = .equal
            case ("!", "="): self = .unequal
            case ("<", "="): self = .lessOrEqual
            case (">", "="): self = .greaterOrEqual
            case ("&", "&"): self = .and
            case ("|", "|"): self = .or
            default: return nil
            }
        }

        /// Finds the sign of one character.
        init?(_ octet: UInt8) {
            switch Unicode.Scalar(octet) {
            case "(": self = .leftParenthesis
            case ")": self = .rightParenthesis
            case "[": self = .leftBracket
            case "]": self = .rightBracket
            case "{": self = .leftBrace
            case "}": self = .rightBrace
            case ",": self = .comma
            case ".": self = .dot
            case ":": self = .colon
            case "?": self = .question
            case "+": self = .plus
            case "-": self = .minus
            case "*": self = .times
            case "/": self = .divide
            case "%": self = .remainder
            case "!": self = .not
            case "<": self = .less
            case ">": self = .greater
            default: return nil
            }
        }
    }

    /// The token as a message names it.
    var description: String {
        switch self {
        case .name(let name): "'\(name)'"
        case .quotedName(let name): "'`\(name)`'"
        case .keyword(let word): "'\(word.rawValue)'"
        case .int(let number): "\(number)"
        case .uint(let number): "\(number)u"
        case .double(let number): "\(number)"
        case .string: "a string"
        case .bytes: "a bytes literal"
        case .sign(let sign): "'\(sign.rawValue)'"
        case .end: "the end"
        }
    }

    /// The words that may be fields and methods but neither names nor functions.
    static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    ]
}
