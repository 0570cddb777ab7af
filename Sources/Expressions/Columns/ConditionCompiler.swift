// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// Turns conditions into steps on bits, each part and direction once.
struct ConditionCompiler {
    /// A part and whether the rows are wanted at which it holds, or those at which it does not.
    private struct Wish: Hashable {
        let index: Int
        let holds: Bool
    }

    private let graph: ConditionGraph
    private(set) var steps: [ConditionProgram.Step] = []
    private var places: [Wish: Int] = [:]

    init(_ graph: ConditionGraph) {
        self.graph = graph
    }

    /// The places of the steps of some conditions.
    mutating func compile(_ wanted: [(index: Int, holds: Bool)]) -> [Int] {
        let wishes = wanted.map { Wish(index: $0.index, holds: $0.holds) }
        var needed = Set(wishes)
        var waiting = wishes
        while let wish = waiting.popLast() {
            for need in Self.needs(graph.parts[wish.index], wish.holds)
            where needed.insert(need).inserted {
                waiting.append(need)
            }
        }
        // Parts stand before what is made of them, so building them in order needs no recursion,
        // however deep the conditions are.
        let order = needed.sorted { ($0.index, $0.holds ? 1 : 0) < ($1.index, $1.holds ? 1 : 0) }
        for wish in order { places[wish] = build(wish) }
        return wanted.compactMap { places[Wish(index: $0.index, holds: $0.holds)] }
    }

    private static func needs(_ part: ConditionGraph.Part, _ holds: Bool) -> [Wish] {
        switch part {
        case .constant, .given, .relation: []
        case .and(let left, let right), .or(let left, let right):
            [Wish(index: left, holds: holds), Wish(index: right, holds: holds)]
        case .not(let operand): [Wish(index: operand, holds: !holds)]
        case .truthRelation(_, let left, let right):
            [left, right].flatMap { [Wish(index: $0, holds: true), Wish(index: $0, holds: false)] }
        case .choice(let condition, let first, let second):
            [
                Wish(index: condition, holds: true), Wish(index: condition, holds: false),
                Wish(index: first, holds: holds), Wish(index: second, holds: holds),
            ]
        }
    }

    private mutating func build(_ wish: Wish) -> Int {
        switch graph.parts[wish.index] {
        case .constant(let flag): return add(.fill(flag == wish.holds ? ~0 : 0))
        case .given(let yes, let no): return add(.copy(wish.holds ? yes : no))
        case .relation(let operation, let left, let right):
            return relation(wish.holds ? operation : operation.opposite, left, right)
        case .not(let operand): return place(operand, !wish.holds)
        case .and(let left, let right):
            let (first, second) = (place(left, wish.holds), place(right, wish.holds))
            return add(wish.holds ? .both(first, second) : .either(first, second))
        case .or(let left, let right):
            let (first, second) = (place(left, wish.holds), place(right, wish.holds))
            return add(wish.holds ? .either(first, second) : .both(first, second))
        case .choice(let condition, let first, let second):
            let chosen = add(.both(place(condition, true), place(first, wish.holds)))
            let other = add(.both(place(condition, false), place(second, wish.holds)))
            return add(.either(chosen, other))
        case .truthRelation(let operation, let left, let right):
            return truthRelation(wish.holds ? operation : operation.opposite, left, right)
        }
    }

    private mutating func relation(
        _ operation: BinaryOperator,
        _ left: ConditionGraph.Side,
        _ right: ConditionGraph.Side
    ) -> Int {
        switch operation {
        case .less: add(.compare(DESK_LESS, left, right))
        case .lessOrEqual: add(.compare(DESK_LESS_OR_EQUAL, left, right))
        case .greater: add(.compare(DESK_LESS, right, left))
        case .greaterOrEqual: add(.compare(DESK_LESS_OR_EQUAL, right, left))
        case .unequal: add(.compare(DESK_UNEQUAL, left, right))
        default: add(.compare(DESK_EQUAL, left, right))
        }
    }

    /// A relation of truth values, of which no comes before yes.
    private mutating func truthRelation(
        _ operation: BinaryOperator,
        _ left: Int,
        _ right: Int
    ) -> Int {
        /// The rows at which the two have these values.
        func pair(_ first: Bool, _ second: Bool) -> Int {
            add(.both(place(left, first), place(right, second)))
        }
        let pairs: [(Bool, Bool)] =
            switch operation {
            case .less: [(false, true)]
            case .greater: [(true, false)]
            case .lessOrEqual: [(false, true), (false, false), (true, true)]
            case .greaterOrEqual: [(true, false), (false, false), (true, true)]
            case .unequal: [(false, true), (true, false)]
            default: [(false, false), (true, true)]
            }
        var result = pair(pairs[0].0, pairs[0].1)
        for (first, second) in pairs.dropFirst() {
            result = add(.either(result, pair(first, second)))
        }
        return result
    }

    private func place(_ index: Int, _ holds: Bool) -> Int {
        guard let place = places[Wish(index: index, holds: holds)] else {
            preconditionFailure("a part is built before what is made of it")
        }
        return place
    }

    private mutating func add(_ step: ConditionProgram.Step) -> Int {
        steps.append(step)
        return steps.count - 1
    }
}

extension BinaryOperator {
    /// The relation that holds where this one fails, both operands being present.
    fileprivate var opposite: BinaryOperator {
        switch self {
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        case .equal: .unequal
        default: .equal
        }
    }
}
