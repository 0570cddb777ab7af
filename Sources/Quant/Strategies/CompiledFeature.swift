// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

/// A feature of a strategy, parsed.
struct CompiledFeature: Sendable {
    let name: String
    /// The name of the frame over whose bars it is computed; nil for the bars themselves.
    let frame: String?
    let expression: Expression

    /// Where the expression stands in the strategy.
    var path: String { frame == nil ? "features.\(name)" : "features.\(name).value" }

    /// Sorts features so that each comes after those that it reads, and names those of a circle.
    static func ordered(
        _ features: [CompiledFeature]
    ) -> (sorted: [CompiledFeature], circle: [String]) {
        var result: [CompiledFeature] = []
        var waiting = features.sorted { $0.name < $1.name }
        while !waiting.isEmpty {
            let names = Set(waiting.map(\.name))
            let ready = waiting.filter { names.isDisjoint(with: $0.expression.identifiers) }
            guard !ready.isEmpty else { return (result, waiting.map(\.name)) }
            result += ready
            waiting.removeAll { feature in ready.contains { $0.name == feature.name } }
        }
        return (result, [])
    }
}
