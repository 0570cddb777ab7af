// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One operand of a column operation: a value for each row, or the same for all.
enum Lanes<Element: Sendable>: Sendable {
    case rows([Element])
    case same(Element)

    /// Combines two operands row by row.
    ///
    /// The shapes are told apart outside the loops, which then run over contiguous memory.
    @inline(__always)
    func combined<Other, Result>(
        with other: Lanes<Other>,
        count: Int,
        _ body: (Element, Other) -> Result
    ) -> [Result] {
        switch (self, other) {
        case (.rows(let left), .rows(let right)):
            precondition(left.count == count && right.count == count, "columns differ in length")
            return left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    Lanes.fill(count) { body(left[$0], right[$0]) }
                }
            }
        case (.rows(let left), .same(let right)):
            precondition(left.count == count, "columns differ in length")
            return left.withUnsafeBufferPointer { left in
                Lanes.fill(count) { body(left[$0], right) }
            }
        case (.same(let left), .rows(let right)):
            precondition(right.count == count, "columns differ in length")
            return right.withUnsafeBufferPointer { right in
                Lanes.fill(count) { body(left, right[$0]) }
            }
        case (.same(let left), .same(let right)):
            return Array(repeating: body(left, right), count: count)
        }
    }

    /// Changes one operand row by row.
    @inline(__always)
    func mapped<Result>(count: Int, _ body: (Element) -> Result) -> [Result] {
        combined(with: Lanes<Void>.same(()), count: count) { element, _ in body(element) }
    }

    /// The operand as one value for each row.
    func rows(count: Int) -> [Element] {
        switch self {
        case .rows(let rows): rows
        case .same(let element): Array(repeating: element, count: count)
        }
    }

    @inline(__always)
    static func fill<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
        [Result](unsafeUninitializedCapacity: count) { buffer, filled in
            for row in 0..<count { buffer.initializeElement(at: row, to: body(row)) }
            filled = count
        }
    }
}
