// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Strategies like a given one with one number changed a little: robustness probes, which nobody
/// can pick and which count as no trials.
///
/// The numbers are the strategy's parameters, or the numbers in its expressions and settings when
/// there are no parameters. Whole numbers stay whole and above zero, since most are windows.
struct StrategyNeighbours {
    /// By what each number is multiplied, in this order.
    static let factors = [0.9, 1.1, 0.8, 1.25]

    /// The neighbours that can be read, at most so many, evenly spread over the numbers.
    static func of(_ strategy: Strategy, most: Int) -> [Strategy] {
        let json = strategy.json
        var variants: [JSON] = []
        for factor in factors {
            variants +=
                strategy.parameters.isEmpty
                ? literals(of: json, factor) : parameters(of: json, factor)
        }
        var known: Set<String> = [strategy.hash.description]
        var neighbours: [Strategy] = []
        for variant in variants {
            // What the change makes unreadable, such as a share above 1, is no neighbour.
            guard let neighbour = try? Strategy(variant),
                known.insert(neighbour.hash.description).inserted
            else { continue }
            neighbours.append(neighbour)
        }
        return spread(neighbours, most)
    }

    /// The same program with one parameter changed; none when it has no parameters.
    static func of(_ program: PositionStrategy, most: Int) -> [PositionStrategy] {
        var neighbours: [PositionStrategy] = []
        var known: Set<String> = [program.hash.description]
        for variant in factors.flatMap({ parameters(of: program.json, $0) }) {
            // As above.
            guard var neighbour = try? PositionStrategy(variant) else { continue }
            neighbour.files = program.files
            if known.insert(neighbour.hash.description).inserted { neighbours.append(neighbour) }
        }
        return spread(neighbours, most)
    }

    /// One variant per parameter.
    private static func parameters(of json: JSON, _ factor: Double) -> [JSON] {
        (json["parameters"]?.objectValue ?? []).map { parameter in
            replacing("parameters", of: json) { members in
                replacing(parameter.name, of: members) { scaled($0, factor) }
            }
        }
    }

    /// One variant per number that stands in an expression or is a setting.
    private static func literals(of json: JSON, _ factor: Double) -> [JSON] {
        var variants: [JSON] = []
        for member in json.objectValue ?? [] {
            switch member.name {
            case "enter", "exit", "invalidation", "stop", "target", "hold":
                variants += changes(of: member.value, factor).map { change in
                    replacing(member.name, of: json) { _ in change }
                }
            case "features":
                for feature in member.value.objectValue ?? [] {
                    variants += changes(of: feature.value, factor).map { change in
                        replacing("features", of: json) { features in
                            replacing(feature.name, of: features) { _ in change }
                        }
                    }
                }
            default: continue
            }
        }
        return variants
    }

    /// A number scaled, an expression once for each number in it, a feature of a frame by its
    /// expression.
    private static func changes(of value: JSON, _ factor: Double) -> [JSON] {
        switch value {
        case .int, .double: return [scaled(value, factor)]
        case .string(let text):
            let expression = ExpressionText(text)
            return expression.numbers.map { place in
                .string(expression.scaling(place, by: factor).normalized)
            }
        case .object:
            return changes(of: value["value"] ?? .null, factor).map { change in
                replacing("value", of: value) { _ in change }
            }
        default: return []
        }
    }

    private static func scaled(_ value: JSON, _ factor: Double) -> JSON {
        guard let number = value.doubleValue else { return value }
        return StrategySettings.number(ScaledNumber.of(number, factor))
    }

    private static func replacing(
        _ name: String,
        of json: JSON,
        _ change: (JSON) -> JSON
    ) -> JSON {
        .object(
            (json.objectValue ?? []).map {
                $0.name == name ? JSON.Member(name, change($0.value)) : $0
            }
        )
    }

    private static func spread<Element>(_ list: [Element], _ most: Int) -> [Element] {
        guard list.count > most else { return list }
        return (0..<most).map { list[$0 * list.count / most] }
    }
}

/// A number made a little greater or less.
enum ScaledNumber {
    /// A whole number moves by at least one and stays above zero; any other is multiplied.
    static func of(_ number: Double, _ factor: Double) -> Double {
        guard number == number.rounded(), abs(number) >= 1, abs(number) < 1e9 else {
            return number * factor
        }
        let scaled = (number * factor).rounded()
        let moved = scaled == number ? number + (factor > 1 ? 1 : -1) : scaled
        return number > 0 ? max(1, moved) : moved
    }
}
