// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The strategies that a researcher can propose, in a fixed order.
///
/// The order is grid rank, then universe, then family, so that each family's plainest form is
/// tried on everything before any variant. Forms and numbers are those their sources published;
/// the few variants beside them are there to be counted against.
struct HypothesisCatalog {
    /// The strategies, as the bodies of strategy files.
    let strategies: [JSON]

    /// Builds the catalog.
    /// - Parameters:
    ///   - families: The families to work through, in this order.
    ///   - symbols: The instruments.
    ///   - size: The fraction of equity for each position.
    init(families: [String], symbols: [String], size: Double) {
        let forms = families.map { (family: $0, variants: StrategyForm.variants(of: $0)) }
        let ranks = forms.map(\.variants.count).max() ?? 0
        let sorted = symbols.sorted()
        let universes = (sorted.count > 1 ? [sorted] : []) + sorted.map { [$0] }
        var strategies: [JSON] = []
        for rank in 0..<ranks {
            for universe in universes {
                for form in forms where rank < form.variants.count {
                    let variant = form.variants[rank]
                    guard !variant.isBroad || universe.count == sorted.count else { continue }
                    strategies.append(
                        variant.strategy(
                            family: form.family,
                            universe: universe,
                            size: size
                        )
                    )
                }
            }
        }
        self.strategies = strategies
    }
}
