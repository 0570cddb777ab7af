// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Agents

/// A worktree in the test's folder with a loop in it, spoken to in lines.
struct AgentBench {
    static let skill = """
        ---
        name: plain
        description: Has rules for everything.
        ---
        ## Rules for a report

        - It trades. `in_sample.trades >= 0`

        ## Rules for an account

        - It has equity. `equity > 0.0`

        """

    let worktree: Folder
    let data: Folder
    let market: Folder
    var loop: AgentLoop

    init(
        exchange: @escaping (Int, Bool) -> (([UInt8]) throws -> [UInt8]) = { _, _ in { _ in [] } }
    ) throws {
        let scratch = Folder(try ScratchFolder.path)
        worktree = scratch.folder("worktree")
        data = scratch.folder("data")
        market = scratch.folder("market")
        for folder in [
            worktree, data, market, worktree.folder("inbox"), worktree.folder("outbox"),
            worktree.folder("agents"), worktree.folder("agents/plain"),
            worktree.folder("skills"), worktree.folder("skills/extra"),
        ] {
            try folder.create()
        }
        try worktree.replace("agents/plain/SKILL.md", with: Array(Self.skill.utf8))
        loop = AgentLoop(worktreePath: worktree.path, exchange: exchange)
    }

    /// The desk's configuration, with a simulated market of one instrument.
    static func configuration(_ market: String = "") -> String {
        """
        version: 1
        name: test
        replay: {from: 2024-01-01, through: 2024-03-01}
        market:
          feed: {kind: sim, seed: 1}
          symbols: [AAA]
        \(market)
        account: {capital: 1000000, fee_bps: 1, slippage_bps: 2}
        agents:
          plain: {role: ingestor, every: bar}
        """
    }

    static let settings: [Role: JSON] = [
        .ingestor: ["gap_days": 7],
        .researcher: ["families": ["trend"], "cadence": 21, "budget": 6],
        .backtester: [:], .verifier: ["window": 504, "term_days": 365], .executor: [:],
        .risk: ["report_every": 21],
    ]

    func context(
        _ role: Role,
        market text: String = "",
        skills: [String] = [],
        gateway: Int? = 5,
        beat: Int = 0
    ) throws -> AgentContext {
        AgentContext(
            agent: try #require(AgentName("plain")),
            role: role,
            skills: skills,
            settings: Self.settings[role] ?? [:],
            configuration: Self.configuration(text),
            dataFolder: data.path,
            marketFolder: market.path,
            gatewayDescriptor: gateway,
            beatMilliseconds: beat
        )
    }

    mutating func ask(_ method: String, _ parameters: JSON) throws -> JSON {
        let line = TurnContract.request(id: 7, method: method, parameters: parameters)
        return try JSON(parsing: loop.answer(line))
    }

    mutating func start(_ role: Role, skills: [String] = []) throws {
        let answer = try ask(
            TurnContract.startMethod,
            try context(role, skills: skills).json
        )
        try #require(answer["result"]?["ready"] == true, "\(answer)")
    }

    mutating func run(_ time: String = "2024-01-02T21:00:00Z", turn: Int = 1) throws -> JSON {
        let run = TurnContract.Run(turn: turn, time: try Sample.instant(time))
        return try ask(TurnContract.runMethod, run.json)
    }

    func deliver(_ signals: [Signal]) throws {
        for (index, signal) in signals.enumerated() {
            try worktree.folder("inbox").replace(
                "\(index)-\(signal.topic.rawValue).json",
                with: signal.delivery.prettyBytes
            )
        }
    }

    /// The names in the outbox.
    var said: [String] { get throws { try worktree.folder("outbox").names() } }

    /// The reason of an error answer.
    static func fault(_ answer: JSON) -> String { answer["error"]?["message"]?.stringValue ?? "" }
}
