// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

/// One row of a table: an expression and the literal form of its value, or the code of its error.
typealias Row = (source: String, result: String)

/// The literal form of an expression's value, or the code of its error.
func evaluate(
    _ source: String,
    _ bindings: Bindings = [:],
    limits: ExpressionLimits = .standard,
    zones: TimeZoneResolver? = nil
) -> String {
    do throws(ExpressionError) {
        let expression = try Expression(parsing: source, limits: limits)
        return try expression.value(in: bindings, zones: zones).description
    } catch {
        return error.code.rawValue
    }
}

/// The text of an expression's error, empty when it has a value.
func failure(_ source: String, _ bindings: Bindings = [:]) -> String {
    do throws(ExpressionError) {
        _ = try Expression(parsing: source).value(in: bindings)
        return ""
    } catch {
        return error.description
    }
}
