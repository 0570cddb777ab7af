// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import ArgumentParser
import Basics
import Desk
import Gateway
import Git
import Processes
import Supervisor
import Trading

/// Says where a desk stands.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show where the desk stands: each agent's last turn, the account, who runs it.",
        discussion: """
            EXAMPLES
              loopdesk status --desk my-desk
              loopdesk status --desk my-desk --json
            """
    )

    @OptionGroup var options: DeskOptions

    func run() throws {
        let desk = try options.openToRead()
        let agents = try AgentStatus.load(desk)
        let holder = try DeskLock.holder(desk.folder)
        // A running desk's ledger belongs to its gateway.
        let account = holder == nil ? try AccountStatus.load(desk) : nil
        let figures = try AccountFile(desk.folder).load()
        let keeper = TrialKeeper(desk, strategies: TypedStrategies(desk.configuration))
        try keeper.loadFile()
        let book = keeper.book
        let refused = try RefusedStore(desk.folder).ids()
        let halt = try HaltLatch.existing(in: desk.folder.runtime)?.standing()
        let unsafe = desk.configuration.agents.filter { $0.sandbox.level == .unsafe }
        let broker = try BrokerFile.load(of: desk)
        let degraded = try Self.degraded(desk)
        let console = Console()
        guard !options.json else {
            console.say([
                "desk": .string(desk.configuration.name),
                "running": holder.map { .string($0) } ?? .null,
                "degraded": degraded.map { .array($0.map(\.json)) } ?? .null,
                "agents": .array(agents.map(\.json)),
                "unsafe": .array(unsafe.map { .string($0.name.description) }),
                "account": account?.json ?? .null,
                "metrics": figures ?? .null,
                "broker": broker ?? .null,
                "halt": halt?.json ?? .null,
                "trials": .int(Int64(book.count)), "looks": .int(Int64(book.looks.count)),
                "refused": .array(refused.map { .string($0.description) }),
            ])
            return
        }
        console.say(
            "Desk \(desk.configuration.name): \(holder.map { "run by \($0)" } ?? "at rest")"
        )
        for trouble in degraded ?? [] {
            console.say("It is degraded since \(trouble.since): \(trouble.reason)")
        }
        console.say("")
        sayAgents(agents, unsafe, console)
        if book.count > 0 {
            console.say(
                "\nTried: \(book.count) hypotheses, \(book.looks.count) looks at sealed data"
            )
        }
        sayRefused(refused, console)
        sayMoney(account, figures, halt, broker, console)
    }

    private func sayAgents(
        _ agents: [AgentStatus],
        _ unsafe: [AgentConfiguration],
        _ console: Console
    ) {
        console.table(
            agents.map { agent in
                (
                    agent.name,
                    agent.time.map { "turn \(agent.turn) at \($0): \(agent.summary)" }
                        ?? "no turn yet"
                )
            }
        )
        for agent in agents where !agent.outlook.text.isEmpty {
            console.say("\(agent.name): \(agent.outlook.text)")
        }
        for agent in unsafe {
            console.say("\(agent.name): UNSAFE, it runs without a sandbox")
        }
        for agent in agents {
            if let goal = agent.goal { console.say("\nGoal of \(agent.name): \(goal.text)") }
        }
    }

    /// What does not work on the desk that is up; nil when none is.
    private static func degraded(_ desk: OpenDesk) throws -> [DeskHealth.Trouble]? {
        guard let process = try DeskLock.holderInfo(desk.folder) else { return nil }
        // A file of it that cannot be read is told by loopdesk doctor.
        return (try? HealthFile(desk.folder).load(of: process)) ?? []
    }

    private func sayRefused(_ refused: [RefusedStore.ID], _ console: Console) {
        if !refused.isEmpty {
            let rest = refused.count > 1 ? ", the last of \(refused.count)" : ""
            console.say(
                "\nRefused: \(refused[refused.count - 1])\(rest); see loopdesk refused list"
            )
        }
    }

    private func sayMoney(
        _ account: AccountStatus?,
        _ figures: JSON?,
        _ halt: HaltState?,
        _ broker: JSON?,
        _ console: Console
    ) {
        if let account { console.say("\n\(account.text)") }
        if let text = figures.flatMap(Self.text) { console.say(text) }
        if let halt { console.say("\nTrading is \(halt.text); loopdesk resume lifts it") }
        if let broker { console.say(BrokerStatus(broker).text) }
    }
}

extension StatusCommand {
    /// The account's figures in a line; nil before the first close.
    private static func text(of figures: JSON) -> String? {
        let account = figures["account"]
        guard let started = account?["started"]?.stringValue,
            let sessions = account?["sessions"]?.intValue,
            let value = account?["accountValue"]?.stringValue,
            let gain = account?["totalReturn"]?.stringValue.flatMap({ Decimal8($0) })
        else { return nil }
        return "Since \(started): \(sessions) closes, value \(value), "
            + "return \(Figure.percent(gain.doubleValue)), "
            + "Sharpe \(Figure.text(account?["sharpe"]?.doubleValue, 2))"
    }
}

/// The last turn of one agent.
private struct AgentStatus {
    let name: String
    let turn: Int
    let time: Instant?
    let summary: String
    let head: String
    let goal: GoalStatus?
    let outlook: AgentOutlook

    static func load(_ desk: OpenDesk) throws -> [AgentStatus] {
        let goals = GoalKeeper(desk, check: nil)
        let now = SystemWallClock().now()
        let outlooks = try AgentOutlook.all(of: desk, at: now)
        // Time stands still in a desk that replays, so its newest turn tells what time it is.
        let present = try desk.hasRunLive() ? now : nil
        return try desk.configuration.agents.compactMap { agent in
            guard let outlook = outlooks[agent.name] else { return nil }
            let head = try desk.repository.reference(agent.name.reference)
            let record = try desk.newestRecord(of: agent.name)
            return AgentStatus(
                name: agent.name.description,
                turn: record?.turn ?? 0,
                time: record?.time,
                summary: record?.summary ?? "",
                head: head?.description ?? "",
                goal: try goals.status(
                    of: agent.name,
                    at: present ?? record?.time ?? Instant(secondsSinceEpoch: 0)
                ),
                outlook: outlook
            )
        }
    }

    var json: JSON {
        let members: [JSON.Member] = [
            JSON.Member("name", .string(name)), JSON.Member("turn", .int(Int64(turn))),
            JSON.Member("time", time.map { .string($0.description) } ?? .null),
            JSON.Member("summary", .string(summary)), JSON.Member("head", .string(head)),
            JSON.Member("goal", goal?.json ?? .null),
        ]
        return .object(members + outlook.members)
    }
}

/// The account as the ledger has it.
private struct AccountStatus {
    let equity: String
    let cash: String
    let lots: Int
    let state: String

    /// Reads the ledger without a gateway; nil when there is none yet.
    static func load(_ desk: OpenDesk) throws -> AccountStatus? {
        guard LedgerReader.isThere(desk.folder) else { return nil }
        let report = try LedgerReader.account(desk)
        return AccountStatus(
            equity: report.equity.description,
            cash: report.cash.description,
            lots: report.lots.count,
            state: report.state.rawValue
        )
    }

    var text: String { "Account: equity \(equity), cash \(cash), \(lots) open lots, \(state)" }

    var json: JSON {
        [
            "equity": .string(equity), "cash": .string(cash), "lots": .int(Int64(lots)),
            "state": .string(state),
        ]
    }
}
