// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The form that the body of each topic must have, whoever wrote it.
///
/// Only what other agents and the desk's own code rely on is asked for; further members are
/// allowed, so that a topic can grow without a new version.
public enum SignalSchema {
    /// Checks a body.
    /// - Throws: A ``DeskError`` with code `signal` that names the member.
    public static func check(_ topic: Topic, _ body: JSON, file: String) throws(DeskError) {
        do throws(JSONError) {
            let fields = try JSONFields(body, path: topic.rawValue)
            switch topic {
            case .bars: try checkBars(fields)
            case .proposal: try checkProposal(fields)
            case .intent: try checkIntent(fields)
            case .report: try checkReport(fields)
            case .verdict: try VerdictSchema.check(fields)
            case .order: try checkOrder(fields)
            case .fill: try checkFill(fields)
            case .trade: try checkTrade(fields)
            case .risk, .halt: try checkAccount(fields, topic)
            case .lesson: _ = try Lesson(json: body)
            case .trials: try checkTrials(fields)
            }
        } catch {
            throw DeskError(code: .signal, file: file, message: error.description)
        }
    }

    private static func checkBars(_ fields: JSONFields) throws(JSONError) {
        _ = try fields.instant("time")
        for (index, element) in try fields.array("bars").enumerated() {
            let bar = try JSONFields(element, path: "bars.bars[\(index)]")
            _ = try bar.string("symbol")
            for name in ["open", "high", "low", "close", "volume"] { _ = try bar.double(name) }
            for name in ["settlement", "limit_up", "limit_down"] where bar.optional(name) != nil {
                _ = try bar.double(name)
            }
        }
        _ = try fields.array("refused")
    }

    private static func checkProposal(_ fields: JSONFields) throws(JSONError) {
        _ = try fields.string("family")
        _ = try fields.hash("strategy_hash")
        _ = try fields.object("strategy")
    }

    private static func checkIntent(_ fields: JSONFields) throws(JSONError) {
        _ = try fields.hash("strategy_hash")
        _ = try fields.string("symbol")
        let action = try fields.string("action")
        guard action == "enter" || action == "exit" else {
            throw JSONError("intent.action: found '\(action)'; allowed are enter and exit")
        }
    }

    private static func checkReport(_ fields: JSONFields) throws(JSONError) {
        _ = try fields.string("proposal")
        _ = try fields.hash("strategy_hash")
        _ = try fields.object("strategy")
        _ = try fields.object("metrics")
    }

    private static func checkOrder(_ fields: JSONFields) throws(JSONError) {
        _ = try fields.string("order")
        _ = try fields.string("intent")
        _ = try fields.string("symbol")
        _ = try fields.string("state")
    }

    private static func checkFill(_ fields: JSONFields) throws(JSONError) {
        _ = try fields.string("order")
        _ = try fields.string("state")
    }

    private static func checkTrade(_ fields: JSONFields) throws(JSONError) {
        _ = try fields.string("entry")
        _ = try fields.string("symbol")
        _ = try fields.decimal("pnl")
        _ = try fields.string("reason")
    }

    private static func checkTrials(_ fields: JSONFields) throws(JSONError) {
        for (index, element) in try fields.array("records").enumerated() {
            let record = try JSONFields(element, path: "trials.records[\(index)]")
            _ = try record.hash("trial")
        }
    }

    private static func checkAccount(_ fields: JSONFields, _ topic: Topic) throws(JSONError) {
        _ = try fields.decimal("equity")
        _ = try fields.double("drawdown")
        if topic == .halt { _ = try fields.string("reason") }
    }
}
