// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// A second judge of a strategy that has passed every test of the code's.
protocol SecondJudge {
    /// Says whether it agrees, and why.
    /// - Throws: When nobody is there to ask; having no opinion is no agreement.
    func judge(_ strategy: Strategy, _ metrics: JSON, _ input: TurnInput) throws -> Opinion
}

/// What a second judge thinks.
struct Opinion: Equatable {
    let agrees: Bool
    let reason: String
    /// What was thought, for people.
    var note = ""

    /// The opinion as one more rule of a verdict.
    var rule: JSON {
        [
            "rule": "The second judge agrees.", "predicate": "", "line": 0,
            "holds": .bool(agrees), "values": [:], "reason": .string(reason),
        ]
    }
}

/// Asks a model, which sees the strategy in typed form and the code's own figures.
struct ModelJudge: SecondJudge {
    let settings: ModelSettings

    static let schema = JSON.closedObject([
        .init("agrees", ["type": "boolean"]), .init("reason", ["type": "string"]),
    ])

    func judge(_ strategy: Strategy, _ metrics: JSON, _ input: TurnInput) throws -> Opinion {
        var session = ModelSession(
            settings.port,
            system: settings.prompt.system(input),
            prompt: Self.prompt(strategy, metrics, input),
            tools: try settings.tools(input),
            output: Self.schema,
            limit: settings.limit
        )
        var opinion = try finish(&session)
        opinion.note = session.note
        return opinion
    }

    private func finish(_ session: inout ModelSession) throws -> Opinion {
        func none(_ reason: String) -> Opinion {
            Opinion(agrees: false, reason: "it has no opinion: \(reason)")
        }
        let last: String
        switch try session.run() {
        case .failed(let reason): return none(reason)
        case .text(let text): last = text
        }
        do {
            return try Self.read(last)
        } catch {
            guard case .text(let text) = try session.repair(last, ["\(error)"]) else {
                return none("\(error)")
            }
            do {
                return try Self.read(text)
            } catch {
                return none("\(error)")
            }
        }
    }

    /// Reads last words.
    /// - Throws: A ``ReplyFault`` or a `JSONError` when they are no opinion.
    static func read(_ text: String) throws -> Opinion {
        let fields = try JSONFields(try ReplyText.value(text), path: "answer")
        try fields.allowOnly(["agrees", "reason"])
        let reason = try fields.string("reason")
        return Opinion(
            agrees: try fields.bool("agrees"),
            reason: TurnContract.sanitised(summary: reason)
        )
    }

    private static func prompt(_ strategy: Strategy, _ metrics: JSON, _ input: TurnInput) -> String
    {
        """
        # Turn \(input.turn), \(input.time)

        A strategy has passed every test and every rule that the desk's code knows. You are the
        second judge: agree, or name what makes you doubt that it will earn anything in years that
        nobody has seen. You cannot let anything pass that the code refuses, and nobody asks you
        about that.

        # The strategy, in typed form

        \(strategy.json.compactText)

        # Figures, computed by the code

        \(metrics.canonical.compactText)

        # Your task

        End with the JSON value: `agrees` and, in one sentence, `reason`.
        The form of the value: \(schema.compactText)
        """
    }
}
