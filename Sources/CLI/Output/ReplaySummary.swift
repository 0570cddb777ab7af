// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Supervisor

/// The figures at the end of a replay: what git holds, and what the ledger holds.
struct ReplaySummary {
    private let counts: DeskCounts
    private let ledger: JSON
    private let performance: Performance
    private let wallSeconds: Double

    init(desk: OpenDesk, ledger: JSON, wallSeconds: Double) throws {
        counts = try DeskCounts(desk)
        self.ledger = ledger
        self.wallSeconds = wallSeconds
        let start = desk.configuration.account.capital.doubleValue
        let closes = (ledger["equityCurve"]?.arrayValue ?? []).compactMap { point in
            point["equity"]?.stringValue.flatMap { Decimal8($0) }?.doubleValue
        }
        let curve = [start] + closes
        performance = Performance(
            returns: zip(curve, curve.dropFirst()).map { $1 / $0 - 1 },
            equity: curve
        )
    }

    /// The object that `--json` prints.
    var json: JSON {
        [
            "ticks": .int(Int64(counts.ticks)),
            "turns": .int(Int64(counts.turns)),
            "proposals": .int(Int64(counts.signals[.proposal] ?? 0)),
            "verdicts": Self.outcome(counts.strategies),
            "looks": .int(Int64(counts.looks)),
            "intents": Self.outcome(counts.intents),
            "orders": ledger["orders"] ?? 0,
            "fills": ledger["fills"] ?? 0,
            "trades": ledger["trades"] ?? 0,
            "equity": .number(equity.doubleValue),
            "sharpe": performance.sharpe.map { .number($0) } ?? .null,
            "max_drawdown": performance.maxDrawdown.map { .number($0) } ?? .null,
            "lessons": .int(Int64(counts.lessons)),
            "dead_letters": .object(
                counts.deadLetters.map { .init($0.agent.description, .int(Int64($0.count))) }
            ),
            "state": ledger["state"] ?? .null,
            "ledger": ledger["digest"] ?? .null,
            "heads": .object(counts.heads.map { .init($0.branch, .string($0.commit)) }),
            "wall_seconds": .number((wallSeconds * 1000).rounded() / 1000),
        ]
    }

    /// Prints the figures and where to look further.
    func report(to console: Console, desk: String, after end: ReplayEnd) {
        console.say("\nThe desk has come to rest.\n")
        console.table([
            ("ticks", "\(counts.ticks)"),
            ("turns", "\(counts.turns), each one commit"),
            ("hypotheses tried", "\(counts.signals[.proposal] ?? 0)"),
            (
                "strategies judged",
                "\(counts.strategies.passed) passed, \(counts.strategies.failed) failed"
            ),
            ("looks at sealed data", "\(counts.looks)"),
            (
                "entries and exits judged",
                "\(counts.intents.passed) allowed, \(counts.intents.failed) refused"
            ),
            ("orders, fills", "\(number("orders")), \(number("fills"))"),
            ("trades", "\(number("trades")), \(number("wins")) won, \(number("losses")) lost"),
            ("equity", "\(equity.rounded(places: 2))"),
            ("Sharpe", performance.sharpe.map { Self.text($0, 2) } ?? "undefined"),
            (
                "worst drawdown",
                performance.maxDrawdown.map { "\(Self.text($0 * 100, 2)) %" } ?? "none"
            ),
            ("lessons proposed", "\(counts.lessons)"),
            ("gateway", ledger["state"]?.stringValue ?? "unknown"),
            ("wall time", "\(Self.text(wallSeconds, 1)) s"),
        ])
        for (agent, count) in counts.deadLetters {
            console.say(
                "\nDEAD LETTERS: \(count) turns of \(agent) failed for good. Read"
                    + " agents/\(agent)/deadletters on its branch and .loopdesk/logs/supervisor.log"
            )
        }
        reportBroken(to: console)
        for report in end.found { console.say("\n\(report)") }
        for reference in end.rescued {
            console.say("\nA worktree held changes; they are saved as \(reference)")
        }
        reportNext(to: console, desk: desk)
    }

    private func reportBroken(to console: Console) {
        for (kind, title) in [
            ("report", "Why strategies failed:"), ("intent", "Why entries and exits were refused:"),
        ] {
            let rules = counts.broken.filter { $0.kind == kind }
            guard !rules.isEmpty else { continue }
            console.say("\n\(title)")
            console.table(rules.map { ("\($0.count)", $0.rule) })
        }
    }

    private func reportNext(to console: Console, desk: String) {
        let git = desk == "." ? "git" : "git -C \(desk)"
        let option = desk == "." ? "" : " --desk \(desk)"
        console.say("\nLook further:\n")
        console.say("  \(git) log --oneline agents/researcher --")
        console.say("  \(git) log agents/verifier --")
        console.say("  \(CommandLine.arguments[0]) log executor\(option)")
    }

    private var equity: Decimal8 {
        ledger["equity"]?.stringValue.flatMap { Decimal8($0) } ?? .zero
    }

    private func number(_ name: String) -> Int { ledger[name]?.intValue ?? 0 }

    private static func outcome(_ pair: (passed: Int, failed: Int)) -> JSON {
        ["passed": .int(Int64(pair.passed)), "failed": .int(Int64(pair.failed))]
    }

    private static func text(_ value: Double, _ places: Int) -> String {
        Decimal8(rounding: value)?.rounded(places: places).description ?? "\(value)"
    }
}
