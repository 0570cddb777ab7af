// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Expression {
    /// The names of the standard functions, methods and macros, which the document must explain.
    package static let standardNames: [String] =
        (Evaluator.functionNames + Evaluator.methodNames + MacroKind.allCases.map(\.rawValue))
        + ["existsOne", "has"]
}
