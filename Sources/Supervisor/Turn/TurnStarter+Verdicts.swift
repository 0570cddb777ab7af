// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Logging

/// The gateway takes no order without a passed verdict, and has the verdicts from here alone.
extension TurnStarter {
    /// Hands the verdicts that an executor is about to read to the gateway, before it reads them.
    ///
    /// They come from the commits of verifiers, as the plan found them, and after a kill the plan
    /// finds them again. Handing one in twice changes nothing.
    func handInVerdicts(of plan: TurnPlan) throws {
        guard plan.agent.role == .executor else { return }
        let found = place(of: plan)
        for signal in plan.inbox {
            let passed: PassedIntent
            do throws(JSONError) {
                guard let intent = try PassedIntent(signal) else { continue }
                passed = intent
            } catch {
                note(signal, "\(error)")
                continue
            }
            let answer = try gateway.ask(
                "verdict/record",
                ["found": .string(found), "permit": passed.json]
            )
            if answer["recorded"] != true { note(signal, answer["reason"]?.stringValue ?? "") }
        }
    }

    /// The commits, one for each verifier, in which the verdicts of a plan are found.
    private func place(of plan: TurnPlan) -> String {
        let verifiers = desk.configuration.agents.filter { $0.role == .verifier }.map(\.name.branch)
        return plan.frontiers.filter { verifiers.contains($0.branch) }
            .map { "\($0.branch) \($0.commit)" }.joined(separator: "\n")
    }

    private func note(_ signal: Signal, _ reason: String) {
        surroundings.logger.warning(
            "a verdict was not handed to the gateway; it takes no order on it",
            metadata: ["verdict": "\(signal.id)", "reason": "\(reason)"]
        )
    }
}
