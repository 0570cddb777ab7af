// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension GateVerdict {
    /// The verdict as JSON, in a fixed order and without anything that differs between two runs.
    public var json: JSON {
        .object(
            [
                JSON.Member("passed", .bool(passed)), JSON.Member("looked", .bool(looked)),
                JSON.Member("reason", .string(reason)),
                JSON.Member("gate", .int(Int64(Gate.version))),
                JSON.Member("thresholds", .string(terms.thresholds.hash.description)),
                JSON.Member("strategy", .string(strategy.description)),
                JSON.Member("family", .string(family)),
                JSON.Member(
                    "behaviour",
                    Self.text(trial?.identity.behaviour.description)
                ),
                JSON.Member("data", data), JSON.Member("conventions", conventions),
                JSON.Member("trials", trials), JSON.Member("tests", .array(tests.map(\.json))),
                JSON.Member("power", power?.json ?? .null),
            ]
        )
    }

    private var data: JSON {
        [
            "development": Self.text(developmentData?.description),
            "whole": Self.text(wholeData?.description),
        ]
    }

    private var conventions: JSON {
        let numbers: [(String, Double)] = [
            ("periods_per_year", terms.periodsPerYear), ("risk_free", terms.riskFree),
            ("capital", terms.capital), ("fee", costs.feeRate),
            ("fee_per_unit", costs.feePerUnit), ("slippage", costs.slippageRate),
        ]
        let members = numbers.map { JSON.Member($0.0, StrategySettings.number($0.1)) }
        return .object(members + costs.execution.members)
    }

    private var trials: JSON {
        [
            "counted": .int(Int64(facts.trials)), "families": .int(Int64(facts.families)),
            "effective": .int(Int64(facts.effectiveTrials)),
            "variance": .number(luckVariance), "stated_variance": Self.number(facts.variance),
            "mean_correlation": Self.number(facts.meanCorrelation),
        ]
    }

    private static func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }

    private static func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
}
