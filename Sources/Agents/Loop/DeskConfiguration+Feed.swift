// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Quant

extension DeskConfiguration {
    /// Opens the market feed that the desk names.
    /// - Parameters:
    ///   - folder: The desk's folder, to which a path is relative.
    ///   - gapDays: The calendar days without a bar beyond which a gap is noted.
    ///   - wholeLinesOnly: Whether a last line without a line feed is left out.
    /// - Returns: The feed, with every row of the file or all of the simulated sessions.
    /// - Throws: A `QuantError` when the file is missing or has no rows.
    public func loadFeed(
        in folder: Folder,
        gapDays: Int? = 7,
        wholeLinesOnly: Bool = false
    ) throws -> any MarketFeed {
        let feed = try loadMain(in: folder, gapDays: gapDays, wholeLinesOnly: wholeLinesOnly)
        guard let control = market.control, let last = feed.instants.last else { return feed }
        return ControlledFeed(
            feed,
            control: SimulatedFeed(
                seed: control.seed,
                symbols: control.symbols.compactMap { Symbol($0) },
                from: replay.lowerBound,
                through: max(replay.upperBound, last.date),
                // One that outlives a day's delay, as the gate asks of every edge.
                edge: PlantedEdge(strength: control.edge, form: .tideOfMonth),
                timing: .daily(closeSecond: market.sessionClose)
            )
        )
    }

    private func loadMain(
        in folder: Folder,
        gapDays: Int?,
        wholeLinesOnly: Bool
    ) throws -> any MarketFeed {
        let timing = BarTiming.daily(closeSecond: market.sessionClose)
        switch market.feed {
        case .csv(let path):
            var bytes: [UInt8]
            do throws(FileError) {
                bytes = try folder.read(path)
            } catch {
                throw QuantError(
                    error.code == .notFound ? .notFound : .unreadable,
                    operation: "open the market feed",
                    reason: "\(error.description); market.feed.path in orchestrator.yml names it"
                )
            }
            if wholeLinesOnly {
                bytes.removeLast(bytes.count - (bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0))
            }
            do {
                return try CSVFeed(bytes, rules: BarRules(timing: timing, gapDays: gapDays))
            } catch {
                throw QuantError(
                    error.code,
                    operation: "read the market feed \(path)",
                    reason: "\(error.reason); put the file right, or name another in"
                        + " market.feed.path of orchestrator.yml",
                    fault: error.fault
                )
            }
        case .simulated(let seed, let edge):
            return SimulatedFeed(
                seed: seed,
                symbols: market.symbols.filter { market.control?.symbols.contains($0) != true }
                    .compactMap { Symbol($0) },
                from: replay.lowerBound,
                through: replay.upperBound,
                edge: PlantedEdge(strength: edge),
                timing: timing
            )
        }
    }
}
