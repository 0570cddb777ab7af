// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// What the supervisor tells a verifier of everything that was tried before its turn.
struct TrialNews {
    /// One hypothesis.
    struct Hypothesis {
        let id: ContentHash
        let strategy: JSON
    }

    /// How many hypotheses were tried, those that are not told one by one included.
    let count: Int
    /// How many families they belong to.
    let families: Int
    let hypotheses: [Hypothesis]
    /// The looks at sealed data: whose, and the last day that each saw.
    let looks: [(trial: ContentHash, through: CalendarDate)]

    /// Reads the signal.
    /// - Throws: A `JSONError` that names the member.
    init(_ signal: Signal) throws(JSONError) {
        let fields = try JSONFields(signal.body, path: "trials")
        count = try fields.int("count")
        families = try fields.int("families")
        var hypotheses: [Hypothesis] = []
        for element in try fields.array("trials") {
            let trial = try JSONFields(element, path: "trials.trials")
            hypotheses.append(
                Hypothesis(id: try trial.hash("trial"), strategy: try trial.required("strategy"))
            )
        }
        self.hypotheses = hypotheses
        var looks: [(ContentHash, CalendarDate)] = []
        for element in try fields.array("looks") {
            let look = try JSONFields(element, path: "trials.looks")
            guard let through = CalendarDate(try look.string("through")) else {
                throw JSONError("trials.looks.through: expected a date")
            }
            looks.append((try look.hash("trial"), through))
        }
        self.looks = looks
    }
}
