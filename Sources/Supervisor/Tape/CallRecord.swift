// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// One request of an agent's and what came of it, as the tape keeps it.
struct CallRecord: Sendable, Hashable {
    let kind: ChildRequest.Kind
    /// What was asked for.
    let request: ContentHash
    /// What came of it.
    let outcome: Result<JSON, RequestFailure>
    /// The name of the model that was asked, by its server.
    var model: String?
    /// What was used, as far as the server said.
    var usage: ModelUsage?
    /// What that cost; nil when it has no price.
    var cost: Decimal8?

    /// The line that answers the request.
    func answer(to id: JSON) -> [UInt8] {
        switch outcome {
        case .success(let result): TurnContract.reply(id: id, result: result)
        case .failure(let failure): TurnContract.refusal(id: id, failure)
        }
    }

    var json: JSON {
        var members: [JSON.Member] = [
            .init("kind", .string(kind.rawValue)), .init("request", .string(request.description)),
        ]
        if let model { members.append(.init("model", .string(model))) }
        if let usage { members.append(.init("usage", usage.json)) }
        if let cost { members.append(.init("cost", .string(cost.description))) }
        switch outcome {
        case .success(let result): members.append(.init("answer", result))
        case .failure(let failure):
            members.append(
                .init(
                    "failure",
                    ["code": .string(failure.code), "reason": .string(failure.reason)]
                )
            )
        }
        return .object(members)
    }

    init(
        _ kind: ChildRequest.Kind,
        _ request: ContentHash,
        _ outcome: Result<JSON, RequestFailure>,
        model: String? = nil,
        usage: ModelUsage? = nil,
        cost: Decimal8? = nil
    ) {
        self.kind = kind
        self.request = request
        // What the agent gets the first time is what it gets from the tape, to the byte.
        self.outcome = outcome.map(\.canonical)
        self.model = model
        self.usage = usage
        self.cost = cost
    }

    /// Reads a record.
    /// - Throws: A `JSONError` that names the member.
    init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "tape")
        let name = try fields.string("kind")
        guard let kind = ChildRequest.Kind(rawValue: name) else {
            throw JSONError("tape.kind: found '\(name.prefix(40))'")
        }
        self.kind = kind
        request = try fields.hash("request")
        model = fields.optional("model")?.stringValue
        if let told = fields.optional("usage") { usage = try ModelUsage(json: told) }
        if fields.optional("cost") != nil { cost = try fields.decimal("cost") }
        if fields.optional("failure") != nil {
            let failure = try fields.object("failure")
            outcome = .failure(
                RequestFailure(
                    code: try failure.string("code"),
                    reason: try failure.string("reason")
                )
            )
        } else {
            outcome = .success(try fields.required("answer"))
        }
    }
}
