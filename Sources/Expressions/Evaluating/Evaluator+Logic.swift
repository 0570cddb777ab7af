// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// `&&` absorbing errors in favour of false, or `||` in favour of true.
    mutating func logical(_ operands: [Node], absorbing: Bool) throws(ExpressionError) -> Value {
        var failure: ExpressionError?
        for operand in operands {
            do throws(ExpressionError) {
                let value = try evaluate(operand)
                guard case .bool(let flag) = value else {
                    throw notBoolean(value, absorbing ? "'||'" : "'&&'", at: operand.site)
                }
                if flag == absorbing { return .bool(absorbing) }
            } catch {
                guard error.code != .limitExceeded else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .bool(!absorbing)
    }

    mutating func conditional(
        _ branches: [Node.Branch],
        otherwise: Node
    ) throws(ExpressionError) -> Value {
        for branch in branches {
            let condition = try evaluate(branch.condition)
            guard case .bool(let flag) = condition else {
                throw notBoolean(condition, "'?'", at: branch.condition.site)
            }
            if flag { return try evaluate(branch.value) }
        }
        return try evaluate(otherwise)
    }

    func not(_ value: Value, isOdd: Bool, at site: Site) throws(ExpressionError) -> Value {
        guard case .bool(let flag) = value else { throw notBoolean(value, "'!'", at: site) }
        return .bool(isOdd ? !flag : flag)
    }

    func negate(_ value: Value, count: Int, at site: Site) throws(ExpressionError) -> Value {
        switch value {
        case .double(let number): return .double(count % 2 == 1 ? -number : number)
        case .int(let number):
            // Any sign in front of the smallest integer overflows, however many follow.
            guard number != .min else { throw Arithmetic.overflow(at: site) }
            return .int(count % 2 == 1 ? -number : number)
        default:
            let message = "no matching overload for -\(value.typeName)"
            throw ExpressionError(.noMatchingOverload, message, at: site)
        }
    }

    func notBoolean(_ value: Value, _ sign: String, at site: Site) -> ExpressionError {
        let message = "\(sign) takes bool, not \(value.typeName)"
        return ExpressionError(.noMatchingOverload, message, at: site)
    }
}
