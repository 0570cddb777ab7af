// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One exact figure of a position, with a name for programs and one for people.
struct InstrumentFigure {
    let name: String
    let label: String
    let value: Decimal8?

    init(_ name: String, _ label: String, _ value: Decimal8?) {
        self.name = name
        self.label = label
        self.value = value
    }

    /// All decimals, in quotes so that nothing rounds them.
    var json: JSON { value.map { .string($0.description) } ?? .null }
}
