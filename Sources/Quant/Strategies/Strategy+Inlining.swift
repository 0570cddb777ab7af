// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Strategy {
    /// The invalidation as one condition over the bars alone, with parameters and features written
    /// out; nil when there is none, or none that can be so written in so many bytes.
    public func inlinedInvalidation(bytes limit: Int) -> String? {
        guard let invalidation else { return nil }
        var text = ExpressionText(invalidation)
        // A feature may read other features, each at most once on a way.
        for _ in 0...features.count {
            guard text.expand(features.compactMapValues { $0.frame == nil ? $0.expression : nil })
            else { break }
            guard text.pieces.count <= limit else { return nil }
        }
        text.substitute(parameters)
        let condition = text.normalized
        // What reads longer bars, or is too long, has no such form.
        guard condition.utf8.count <= limit, (try? BarCondition(condition)) != nil else {
            return nil
        }
        return condition
    }
}

extension ExpressionText {
    /// Puts expressions in the place of names, in parentheses; false when there was none.
    fileprivate mutating func expand(_ expressions: [String: String]) -> Bool {
        var result: [Piece] = []
        var isChanged = false
        for (index, piece) in pieces.enumerated() {
            let isMember = index > 0 && pieces[index - 1].text == "."
            let isCall = index + 1 < pieces.count && pieces[index + 1].text == "("
            guard piece.kind == .word, !isMember, !isCall,
                let expression = expressions[piece.text]
            else {
                result.append(piece)
                continue
            }
            isChanged = true
            result.append(Piece(kind: .sign, text: "("))
            result += ExpressionText(expression).pieces
            result.append(Piece(kind: .sign, text: ")"))
        }
        pieces = result
        return isChanged
    }
}
