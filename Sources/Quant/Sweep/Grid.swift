// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Values of some parameters, of which every combination is to be tried.
///
/// Combinations have a fixed order, in which the values of the last parameter change fastest.
public struct Grid: Sendable, Hashable {
    /// One parameter and its values.
    public struct Axis: Sendable, Hashable {
        /// The name of the parameter.
        public let name: String
        /// The values in the order in which they are tried.
        public let values: [Double]

        /// Creates an axis.
        public init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// The most combinations of a grid.
    public static let mostCombinations = 1_000_000_000
    /// The most values of one parameter.
    public static let mostValues = 1_000_000

    /// The parameters in the order in which they were named.
    public let axes: [Axis]
    /// The number of combinations, at least one.
    public let count: Int

    /// Creates a grid.
    /// - Throws: A ``QuantError`` with code `badParameter` when there is no combination, when there
    ///   are more than ``mostCombinations``, or when a parameter is named twice.
    public init(_ axes: [Axis]) throws(QuantError) {
        guard !axes.isEmpty else { throw Self.error("it names no parameter") }
        var count = 1
        for (index, axis) in axes.enumerated() {
            guard !axes[..<index].contains(where: { $0.name == axis.name }) else {
                throw Self.error("it names '\(axis.name)' twice")
            }
            guard !axis.values.isEmpty else {
                throw Self.error("'\(axis.name)' has no values, so there is no combination")
            }
            guard axis.values.allSatisfy(\.isFinite) else {
                throw Self.error("a value of '\(axis.name)' is no number")
            }
            let (product, isTooMany) = count.multipliedReportingOverflow(by: axis.values.count)
            guard !isTooMany, product <= Self.mostCombinations else {
                throw Self.error("it has more than \(Self.mostCombinations) combinations")
            }
            count = product
        }
        self.axes = axes
        self.count = count
    }

    /// The values of a combination, in the order of the axes.
    public func values(at index: Int) -> [Double] {
        precondition((0..<count).contains(index), "a combination of the grid")
        var rest = index
        var values: [Double] = []
        for axis in axes.reversed() {
            values.append(axis.values[rest % axis.values.count])
            rest /= axis.values.count
        }
        return values.reversed()
    }

    /// The values of a combination by the names of the parameters.
    public func parameters(at index: Int) -> [String: Double] {
        Dictionary(zip(axes.map(\.name), values(at: index))) { first, _ in first }
    }

    static func error(_ reason: String) -> QuantError {
        QuantError(.badParameter, operation: "read grid", reason: reason)
    }
}
