// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Desk
public import Trading

/// Watches the account and closes everything when a rule of its skill breaks, without asking.
public struct RiskMonitor: AgentTurn {
    private let gateway: GatewayClient
    private let reportEvery: Int
    private let market: RiskMarket

    /// Watches through a connection to the gateway; says `risk` at least every so many turns.
    public init(gateway: GatewayClient, reportEvery: Int, market: RiskMarket = RiskMarket()) {
        self.gateway = gateway
        self.market = market
        self.reportEvery = reportEvery
    }

    /// Judges the account by the rules for one; a rule that cannot be evaluated counts as broken.
    public func turn(_ input: TurnInput) throws -> TurnOutput {
        var gateway = gateway
        let account = try gateway.account()
        let report = RiskReport(account, market, on: input.time.date)
        let judgements = input.judgements(of: .account, report.bindings)
        let broken = judgements.map(\.judgement).filter { !$0.holds }
        var output = TurnOutput(state: input.state, summary: Self.summary(account))
        // Once is enough, also while the lots wait for a price; a desk that a person halted still
        // has lots to close, and one that a person resumed halts again.
        let isClosing = input.state["closing"]?.boolValue ?? false
        if !broken.isEmpty, account.state == .active || !isClosing {
            try halt(account, broken, &gateway, input, &output)
        }
        output.state["closing"] = broken.isEmpty ? nil : true
        let last = input.state["reported_state"]?.stringValue
        if input.turn % reportEvery == 1 || reportEvery == 1 || last != account.state.rawValue {
            output.say(.risk, report.body(judgements))
            output.state["reported_state"] = .string(account.state.rawValue)
        }
        let worst = max(
            input.state["worst_drawdown"]?.doubleValue ?? 0,
            account.drawdown.doubleValue
        )
        output.state["worst_drawdown"] = .double(worst)
        return output
    }

    private func halt(
        _ account: AccountReport,
        _ broken: [Judgement],
        _ gateway: inout GatewayClient,
        _ input: TurnInput,
        _ output: inout TurnOutput
    ) throws {
        let reason = broken.map { "\($0.rule.text) \($0.reason)" }.joined(separator: "; ")
        // A reason that the gateway finds too long would keep the halt from happening.
        let told = Self.prefix(of: reason, bytes: Control.longestReason)
        try gateway.halt(reason: told)
        try gateway.closeAll(reason: told)
        output.say(
            .halt,
            [
                "equity": .string(account.equity.description),
                "drawdown": .double(account.drawdown.doubleValue), "reason": .string(reason),
                "closed_lots": .int(Int64(account.lots.count)),
            ]
        )
        output.state.prose += """
            - \(input.time): closed \(account.lots.count) lots and halted the gateway at equity
              \(account.equity). \(reason)

            """
        output.summary = "HALT: \(reason)"
    }

    /// As much of a text as fits into so many bytes.
    private static func prefix(of text: String, bytes limit: Int) -> String {
        var short = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= limit else { break }
            short.append(scalar)
        }
        return String(short)
    }

    private static func summary(_ account: AccountReport) -> String {
        let drawdown = rounded(account.drawdown.doubleValue * 100, 2)
        let equity = account.equity.value.rounded(places: 2)
        return "equity \(equity), drawdown \(drawdown) %, \(account.lots.count) lots"
            + (account.state == .active ? "" : ", \(account.state.rawValue)")
    }
}
