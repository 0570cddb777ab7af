// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// What a blind reader is given in one turn, and how what it says leads back.
struct BlindDelivery {
    /// The typed items, named by the reader's turn and their place in it.
    let items: [Signal]
    /// What the items were made from, by their ids.
    let origins: [String: Signal]
    /// How many hypotheses the reader was told of, and the hash of the telling; nil for none.
    let trials: String?
    /// The hash of the market data that the turn can see.
    let data: String?
    /// The skills that the turn reads, each a name and a blob id.
    let skills: [String]

    /// Puts the names of what was judged into verdicts, which speak of items.
    /// - Throws: A refusal for a verdict on anything that was not delivered, and for a second one.
    func resolve(_ harvest: TurnFolder.Harvest) throws(TurnFolder.Refusal) -> TurnFolder.Harvest {
        var result = harvest
        var judged: Set<String> = []
        for index in result.signals.indices where result.signals[index].topic == .verdict {
            result.signals[index].bytes = try resolve(result.signals[index].bytes, &judged)
        }
        return result
    }

    private func resolve(
        _ bytes: [UInt8],
        _ judged: inout Set<String>
    ) throws(TurnFolder.Refusal) -> [UInt8] {
        let body: JSON
        do {
            body = try Signal(committed: bytes, path: "verdict").body
        } catch {
            throw TurnFolder.Refusal(description: error.description)
        }
        let item = body["subject"]?.stringValue ?? ""
        guard let origin = origins[item] else {
            throw TurnFolder.Refusal(
                description: "verdict.subject: '\(item.prefix(40))' was not delivered in this turn"
            )
        }
        guard judged.insert(item).inserted else {
            throw TurnFolder.Refusal(description: "verdict.subject: \(item) is judged twice")
        }
        guard body["kind"]?.stringValue == origin.topic.rawValue else {
            throw TurnFolder.Refusal(
                description: "verdict.kind: the topic of \(item) is \(origin.topic.rawValue)"
            )
        }
        return Signal.draft(.verdict, .object(members(of: body, item, origin))).prettyBytes
    }

    /// The members of a verdict under the names by which everybody else knows what was judged.
    private func members(of body: JSON, _ item: String, _ origin: Signal) -> [JSON.Member] {
        var members = body.objectValue ?? []
        func set(_ name: String, _ value: JSON?) {
            guard let value else { return }
            if let index = members.firstIndex(where: { $0.name == name }) {
                members[index] = .init(name, value)
            } else {
                members.append(.init(name, value))
            }
        }
        let typed = body["strategy_hash"]
        set("subject", .string(origin.id))
        set("strategy_hash", origin.body["strategy_hash"])
        set("item", .string(item))
        set("subject_hash", .string(ContentHash(of: origin.body.compactBytes).description))
        set("judged", typed)
        set("data", data.map { .string($0) })
        set("confidence", Self.confidence(of: origin))
        set("rules", body["rules"]?.arrayValue.map { .array($0.map(withBlob)) })
        return members
    }

    /// How sure whoever wanted an entry says to be, which no verifier is told; nil without it.
    private static func confidence(of origin: Signal) -> JSON? {
        guard origin.topic == .intent,
            let number = origin.body["decision"]?["confidence"]?.doubleValue,
            (0...1).contains(number)
        else { return nil }
        return .number(number)
    }

    /// A rule with the blob id of the skill that it is from.
    private func withBlob(_ rule: JSON) -> JSON {
        guard let members = rule.objectValue, let name = rule["skill"]?.stringValue,
            let skill = skills.first(where: { $0.hasPrefix("\(name) ") })
        else { return rule }
        return .object(members + [.init("blob", .string(String(skill.dropFirst(name.count + 1))))])
    }
}
