// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant

/// The counts of a study as tables.
struct StudyTable {
    let cells: [Study.Cell]

    init(_ cells: [Study.Cell]) {
        self.cells = cells
    }

    /// One cell on a line, for the person who waits.
    static func line(_ cell: Study.Cell) -> String {
        let failures = cell.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(cell.kind?.rawValue ?? "feed") sessions \(cell.sessions)"
            + " sharpe \(cell.ratio) (\(text(cell.measured)))"
            + " best \(cell.best) every \(cell.every) simple \(cell.simple) of \(cell.markets);"
            + " best of 200: \(failures)"
    }

    /// A row per length, ratio and budget.
    var csv: String {
        var lines = [
            "sessions,returns,trials,sharpe,measured,markets,accepted,accepted_every,simple_rule"
        ]
        for cell in cells {
            for (place, budget) in ResearchLoop.budgets.enumerated() {
                let isNoise = cell.ratio == 0
                lines.append(
                    "\(cell.sessions),\(cell.sessions - 1 - StudyMarket.sealed),\(budget),"
                        + "\(cell.ratio),\(Self.text(cell.measured)),\(cell.markets),"
                        + "\(cell.best[place]),\(isNoise ? "\(cell.every[place])" : ""),"
                        + "\(isNoise ? "\(cell.simple[place])" : "")"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Two tables: what noise gets through, and what skill does.
    var markdown: String {
        noise + "\n" + power
    }

    /// A row per kind of noise and budget.
    var noiseCSV: String {
        var lines = ["kind,sessions,trials,markets,accepted,accepted_every,simple_rule"]
        for cell in cells {
            for (place, budget) in ResearchLoop.budgets.enumerated() {
                lines.append(
                    "\(cell.kind?.rawValue ?? "feed"),\(cell.sessions),\(budget),\(cell.markets),"
                        + "\(cell.best[place]),\(cell.every[place]),\(cell.simple[place])"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What other kinds of noise get through.
    var noiseMarkdown: String {
        var lines = [
            "| ten years of | hypotheses | simple rule on the years searched"
                + " | gate: the best submitted | gate: every one submitted |",
            "| --- | --- | --- | --- | --- |",
        ]
        for cell in cells {
            for (place, budget) in ResearchLoop.budgets.enumerated() {
                let shares = [cell.simple, cell.best, cell.every].map {
                    Self.share($0[place], cell.markets)
                }
                let words = cell.kind?.words ?? "the simulated feed"
                lines.append("| \(words) | \(budget) | \(shares.joined(separator: " | ")) |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var noise: String {
        var lines = [
            "| years | hypotheses | simple rule on the years searched | gate: the best submitted"
                + " | gate: every one submitted |",
            "| --- | --- | --- | --- | --- |",
        ]
        for cell in cells where cell.ratio == 0 {
            for (place, budget) in ResearchLoop.budgets.enumerated() {
                let shares = [cell.simple, cell.best, cell.every].map {
                    Self.share($0[place], cell.markets)
                }
                lines.append(
                    "| \(cell.sessions / 252) | \(budget) | \(shares.joined(separator: " | ")) |"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var power: String {
        let budgets = ResearchLoop.budgets.map { "of \($0)" }.joined(separator: " | ")
        var lines = [
            "| years | true Sharpe ratio | measured | \(budgets) |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for cell in cells where cell.ratio > 0 {
            let shares = cell.best.map { Self.share($0, cell.markets) }
            lines.append(
                "| \(cell.sessions / 252) | \(cell.ratio) | \(Self.text(cell.measured)) | "
                    + "\(shares.joined(separator: " | ")) |"
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func share(_ count: Int, _ all: Int) -> String {
        let tenths = (1000 * count + all / 2) / all
        return "\(tenths / 10).\(tenths % 10) % (\(count) of \(all))"
    }

    private static func text(_ value: Double?) -> String {
        guard let value else { return "" }
        let hundredths = Int((value * 100).rounded())
        let rest = abs(hundredths) % 100
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
