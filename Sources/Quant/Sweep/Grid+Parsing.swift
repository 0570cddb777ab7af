// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension Grid {
    /// Reads `fast=5:50:5,slow=20:200:10,stop=0.01|0.02`.
    ///
    /// A range is `start:end:step`, both ends included as far as the step meets the last one; a
    /// list has `|` between its values. Numbers are plain decimals with at most eight places, so
    /// that no step is rounded.
    /// - Throws: A ``QuantError`` with code `badParameter` that says which part is wrong.
    public init(parsing text: String) throws(QuantError) {
        var axes: [Axis] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = sides[0].trimmed
            guard sides.count == 2, !name.isEmpty else {
                throw Self.error("'\(part)' is no 'name=values', such as fast=5:50:5")
            }
            axes.append(Axis(name: name, values: try Self.values(name, sides[1].trimmed)))
        }
        try self.init(axes)
    }

    private static func values(_ name: String, _ text: String) throws(QuantError) -> [Double] {
        let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
        guard pieces.count > 1 else {
            var values: [Double] = []
            for piece in text.split(separator: "|", omittingEmptySubsequences: false) {
                values.append(try number(name, piece.trimmed).doubleValue)
            }
            return values
        }
        guard pieces.count == 3 else {
            throw error("'\(name)=\(text)' is no range; write start:end:step")
        }
        let start = try number(name, pieces[0].trimmed)
        let end = try number(name, pieces[1].trimmed)
        let step = try number(name, pieces[2].trimmed)
        guard step > .zero else {
            throw error("the step of '\(name)' is \(step) and must be above 0")
        }
        guard start <= end else {
            throw error(
                "'\(name)' begins at \(start) and ends at \(end), so there is no combination"
            )
        }
        let (distance, isTooFar) = end.units.subtractingReportingOverflow(start.units)
        guard !isTooFar, distance / step.units < Int64(mostValues) else {
            throw error("'\(name)' has more than \(mostValues) values")
        }
        return (0...(distance / step.units)).map {
            Decimal8(units: start.units + $0 * step.units).doubleValue
        }
    }

    private static func number(_ name: String, _ text: String) throws(QuantError) -> Decimal8 {
        guard let number = Decimal8(text) else {
            throw error("'\(text)' in '\(name)' is no decimal with at most eight places")
        }
        return number
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
