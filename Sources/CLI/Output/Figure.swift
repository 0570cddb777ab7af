// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Numbers as tables for people show them.
enum Figure {
    /// A number with so many decimals; a word when it is not defined.
    static func text(_ value: Double?, _ places: Int) -> String {
        guard let value else { return "undefined" }
        guard let exact = Decimal8(rounding: value) else { return "\(value)" }
        return exact.rounded(places: places).description
    }

    /// A share as a percentage with two decimals.
    static func percent(_ value: Double?) -> String {
        value.map { "\(text($0 * 100, 2)) %" } ?? "undefined"
    }

    /// A number for JSON; null when it is not defined.
    static func json(_ value: Double?) -> JSON {
        value.map { .number($0) } ?? .null
    }
}
