// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a verdict must hold, and when it may say that something passed.
enum VerdictSchema {
    static func check(_ fields: JSONFields) throws(JSONError) {
        let kind = try fields.string("kind")
        guard kind == "report" || kind == "intent" else {
            throw JSONError("verdict.kind: found '\(kind)'; allowed are report and intent")
        }
        _ = try fields.string("subject")
        let passed = try fields.bool("passed")
        let rules = try fields.array("rules")
        var holds = !rules.isEmpty
        for (index, element) in rules.enumerated() {
            let rule = try JSONFields(element, path: "verdict.rules[\(index)]")
            holds = try rule.bool("holds") && holds
        }
        if kind == "report" { holds = try holdsGate(fields, isAsked: passed) && holds }
        guard passed == holds else {
            throw JSONError(
                "verdict.passed: a verdict passes exactly when it has rules and all of them hold"
                    + (kind == "report" ? ", and every test of the gate" : "")
            )
        }
    }

    /// Whether every test of the gate was run and held.
    ///
    /// No rule takes a test away: a verdict that leaves one out cannot pass.
    private static func holdsGate(
        _ fields: JSONFields,
        isAsked: Bool
    ) throws(JSONError) -> Bool {
        guard isAsked || fields.optional("gate") != nil else { return false }
        let gate = try fields.object("gate")
        var outcomes: [String: String] = [:]
        for (index, element) in try gate.array("tests").enumerated() {
            let test = try JSONFields(element, path: "verdict.gate.tests[\(index)]")
            outcomes[try test.string("name")] = try test.string("outcome")
        }
        let missing = GateTests.names.first { outcomes[$0] == nil }
        if isAsked, let missing {
            throw JSONError("verdict.gate.tests: '\(missing)' is missing; a test is never left out")
        }
        if isAsked,
            let open = outcomes.sorted(by: { $0.key < $1.key }).first(where: {
                $0.value != "held"
            })
        {
            throw JSONError("verdict.gate.tests: '\(open.key)' is '\(open.value)', not held")
        }
        return try gate.bool("passed") && missing == nil
            && outcomes.values.allSatisfy { $0 == "held" }
    }
}
