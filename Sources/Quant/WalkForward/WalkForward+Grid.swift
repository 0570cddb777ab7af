// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension WalkForward {
    /// The most combinations of a walk-forward run.
    public static let mostCombinations = 10_000

    /// The combinations to choose from, in the order of the grid.
    /// - Throws: A ``QuantError`` with code `badStrategy` for a grid that cannot be read or is too
    ///   large.
    public func combinations() throws(QuantError) -> [[String: Double]] {
        let parsed: Grid
        do throws(QuantError) {
            parsed = try Grid(parsing: grid)
        } catch {
            throw Self.error(error.reason)
        }
        guard parsed.count <= Self.mostCombinations else {
            throw Self.error(
                "\(parsed.count) combinations are more than \(Self.mostCombinations)"
            )
        }
        return (0..<parsed.count).map { parsed.parameters(at: $0) }
    }

    private static func error(_ reason: String) -> QuantError {
        QuantError(
            .badStrategy,
            operation: "read grid",
            reason: "strategy.walk_forward.grid: \(reason)"
        )
    }
}
