// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ExpressionText {
    /// The places of the decimal numbers among the pieces.
    var numbers: [Int] {
        pieces.indices.filter { pieces[$0].kind == .number && Double(pieces[$0].text) != nil }
    }

    /// The same expression with one number changed a little; a number that was written with a
    /// point keeps one, so that it stays of its type.
    func scaling(_ place: Int, by factor: Double) -> ExpressionText {
        guard let number = Double(pieces[place].text) else { return self }
        let isWhole = !pieces[place].text.contains { ".eE".contains($0) }
        // A whole number is written without a point, a decimal is never moved by whole steps.
        let scaled = isWhole ? ScaledNumber.of(number, factor) : number * factor
        let text = isWhole ? BarCSV.text(of: scaled) : scaled.description
        var changed = self
        changed.pieces[place] = Piece(kind: .number, text: text)
        return changed
    }
}
