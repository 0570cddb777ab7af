// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Trading

/// Makes the native turn of a role from what the process was told at its start.
struct RoleFactory {
    let context: AgentContext
    let market: any MarketAccess
    let exchange: (Int) -> (([UInt8]) throws -> [UInt8])
    var worktree = Folder(".")
    /// Asks the supervisor for something in the middle of a turn.
    var ask: ([UInt8]) throws -> [UInt8] = { _ in throw AgentError("there is nobody to ask") }

    func make() throws -> any AgentTurn {
        let desk = try DeskConfiguration(parsing: context.configuration, zones: .unchecked)
        let settings = try JSONFields(context.settings, path: "settings")
        let costs = try desk.costs()
        let capital = desk.account.capital.doubleValue
        switch context.role {
        case .ingestor:
            return Ingestor(
                feed: try feed(of: desk, gapDays: try settings.int("gap_days")),
                symbols: desk.market.symbols,
                market: market,
                recentBars: desk.market.recentBars
            )
        case .researcher:
            return try researcher(desk, settings, costs, capital)
        case .backtester:
            return Backtester(market: market, costs: costs, capital: capital)
        case .verifier:
            return Verifier(
                market: market,
                terms: .init(
                    window: try settings.int("window"),
                    termDays: try settings.int("term_days"),
                    sealedYears: desk.market.sealedYears,
                    costs: costs,
                    capital: capital,
                    sectors: sectors(of: desk),
                    fomc: try calendar(desk.market.fomcPath),
                    earnings: try calendar(desk.market.earningsPath)
                ),
                second: try modelSettings(desk, settings).map { ModelJudge(settings: $0) }
            )
        case .executor:
            return Executor(gateway: try gateway(), contracts: try desk.contracts())
        case .risk:
            return RiskMonitor(
                gateway: try gateway(),
                reportEvery: try settings.int("report_every"),
                market: RiskMarket(
                    sectors: sectors(of: desk),
                    common: try calendar(desk.market.fomcPath),
                    own: try calendar(desk.market.earningsPath)
                )
            )
        }
    }

    private func researcher(
        _ desk: DeskConfiguration,
        _ settings: JSONFields,
        _ costs: Costs,
        _ capital: Double
    ) throws -> Researcher {
        let model = try modelSettings(desk, settings)
        let decides = model == nil ? [] : try settings.strings("decides")
        let proposes = decides.contains("proposals")
        return try Researcher(
            market: market,
            families: proposes ? [] : try settings.strings("families"),
            symbols: desk.market.symbols,
            cadence: try settings.int("cadence"),
            budget: try settings.int("budget"),
            source: model.flatMap { model in
                proposes
                    ? ModelHypotheses(
                        settings: model,
                        symbols: desk.market.symbols,
                        costs: costs,
                        capital: capital
                    ) : nil
            },
            judge: model.flatMap { model in
                decides.contains("entries") ? ModelTrader(settings: model, capital: capital) : nil
            }
        )
    }

    /// What a model-driven part works with; nil for an agent without a model.
    private func modelSettings(
        _ desk: DeskConfiguration,
        _ settings: JSONFields
    ) throws -> ModelSettings? {
        guard let agent = desk.agent(context.agent), agent.model != nil else { return nil }
        return ModelSettings(
            port: SupervisorPort(ask),
            prompt: AgentPrompt(agent: agent.name, role: agent.role),
            worktree: worktree,
            hasConnectors: !agent.connectors.isEmpty,
            limit: try settings.int("answers")
        )
    }

    private func feed(of desk: DeskConfiguration, gapDays: Int) throws -> any MarketFeed {
        let folder = Folder(context.dataFolder)
        return context.isLive
            ? try FollowedFeed(desk, in: folder, gapDays: gapDays)
            : try desk.loadFeed(in: folder, gapDays: gapDays)
    }

    private func sectors(of desk: DeskConfiguration) -> [String: String] {
        Dictionary(
            desk.market.sectors.map { ($0.name, $0.value.stringValue ?? "") },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The events of a file; a calendar without rows, or none at all, has no events.
    private func calendar(_ path: String?) throws -> EventCalendar {
        guard let path else { return EventCalendar([]) }
        do {
            return try EventCalendar(parsing: try Folder(context.dataFolder).read(path))
        } catch let error as QuantError where error.code == .empty {
            return EventCalendar([])
        }
    }

    private func gateway() throws -> GatewayClient {
        guard let descriptor = context.gatewayDescriptor else {
            throw AgentError("the \(context.role.rawValue) was started without a gateway")
        }
        let request = exchange(descriptor)
        return GatewayClient { line in
            String(decoding: try request(Array(line.utf8)), as: UTF8.self)
        }
    }
}
