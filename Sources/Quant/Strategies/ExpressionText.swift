// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The words and signs of an expression's text, for a spelling that does not depend on spaces.
struct ExpressionText {
    typealias Kind = PieceReader.Kind

    struct Piece {
        let kind: Kind
        let text: String
    }

    var pieces: [Piece] = []

    init(_ source: String) {
        var reader = PieceReader(bytes: Array(source.utf8))
        while let (kind, text) = reader.next() {
            pieces.append(Piece(kind: kind, text: text))
        }
    }

    /// Puts decimals in the place of names; a name behind a dot or before a parenthesis is no name.
    mutating func substitute(_ values: [String: Double]) {
        var result: [Piece] = []
        for (index, piece) in pieces.enumerated() {
            let isMember = index > 0 && pieces[index - 1].text == "."
            let isCall = index + 1 < pieces.count && pieces[index + 1].text == "("
            guard piece.kind == .word, !isMember, !isCall, let value = values[piece.text] else {
                result.append(piece)
                continue
            }
            let number = Piece(kind: .number, text: abs(value).description)
            if value < 0 {
                result += [Piece(kind: .sign, text: "("), Piece(kind: .sign, text: "-"), number]
                result.append(Piece(kind: .sign, text: ")"))
            } else {
                result.append(number)
            }
        }
        pieces = result
    }

    /// The expression on one line, with one space around operators and after commas.
    var normalized: String {
        var result = ""
        var previous: Piece?
        var wasUnary = false
        for piece in pieces {
            let isOperand = previous.map { Self.endsOperand($0) } ?? false
            let isUnary = piece.kind == .sign && ["-", "!"].contains(piece.text) && !isOperand
            if let previous, needsSpace(previous, wasUnary, piece, isUnary) { result += " " }
            result += piece.kind == .number ? Self.number(piece.text) : piece.text
            previous = piece
            wasUnary = isUnary
        }
        return result
    }

    private func needsSpace(
        _ previous: Piece,
        _ wasUnary: Bool,
        _ piece: Piece,
        _ isUnary: Bool
    ) -> Bool {
        if wasUnary { return false }
        if previous.text == "," || Self.isOperator(previous) { return true }
        if Self.isOperator(piece), !isUnary { return true }
        return previous.kind != .sign && piece.kind != .sign
    }

    private static func isOperator(_ piece: Piece) -> Bool {
        switch piece.kind {
        case .sign: !["(", ")", "[", "]", "{", "}", ",", "."].contains(piece.text)
        case .word: piece.text == "in"
        default: false
        }
    }

    private static func endsOperand(_ piece: Piece) -> Bool {
        switch piece.kind {
        case .sign: [")", "]", "}"].contains(piece.text)
        case .word: piece.text != "in"
        default: true
        }
    }

    /// A decimal in its shortest form; whole and unsigned numbers stay as they are.
    private static func number(_ text: String) -> String {
        guard !text.hasPrefix("0x"), !text.hasPrefix("0X"),
            text.contains(where: { ".eE".contains($0) }), let value = Double(text), value.isFinite
        else { return text }
        return value.description
    }
}
