// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Verdicts that let an intent pass")
struct PassedIntentTests {
    private static let hash = String(repeating: "ab", count: 32)

    /// A verdict with some members that are others; null takes one out.
    private static func verdict(
        _ changes: [String: JSON] = [:],
        topic: Topic = .verdict
    ) -> Signal {
        let body: JSON = [
            "kind": "intent", "passed": true, "subject": "intent-1", "action": "enter",
            "symbol": "MSFT", "side": "long", "strategy_hash": .string(hash), "size": .double(0.02),
            "close": .double(30.5), "stop": .double(0.05), "hold": 4, "invalidation": "close < 20",
            "confidence": .double(0.7), "good_through": "2000-02-01",
        ]
        let members = (body.objectValue ?? []).map { member in
            JSON.Member(member.name, changes[member.name] ?? member.value)
        }
        let more = changes["limit"].map { [JSON.Member("limit", $0)] } ?? []
        return Signal(id: "verdict-1", topic: topic, body: .object(members + more))
    }

    @Test("the typed fields are taken over, and nothing else")
    func whole() throws {
        let passed = try #require(try PassedIntent(Self.verdict()))

        #expect(passed.verdict == "verdict-1" && passed.intent == "intent-1")
        #expect(passed.strategy == Self.hash && passed.size == Decimal8("0.02"))
        #expect(passed.close == Decimal8("30.5") && passed.stop == Decimal8("0.05"))
        #expect(passed.target == nil && passed.hold == 4 && passed.invalidIf == "close < 20")
        #expect(passed.confidence == Decimal8("0.7"))
        #expect(passed.json["goodThrough"] == "2000-02-01" && passed.json["target"] == .null)
    }

    @Test("a verdict that did not pass, or judges something else, lets nothing pass")
    func others() throws {
        #expect(try PassedIntent(Self.verdict(["passed": false])) == nil)
        #expect(try PassedIntent(Self.verdict(["kind": "report"])) == nil)
        #expect(try PassedIntent(Self.verdict(topic: .report)) == nil)
    }

    @Test(
        "a verdict that makes no sense is an error, and no order can come of it",
        arguments: [
            (["passed": "yes"], "passed"), (["close": 0], "close"), (["close": -1], "close"),
            (["close": .double(1e300)], "close"), (["size": "much"], "size"),
            (["strategy_hash": "ab"], "strategy_hash"), (["limit": "0.01"], "limit"),
            (["good_through": "soon"], "good_through"),
        ] as [([String: JSON], String)]
    )
    func nonsense(changes: [String: JSON], member: String) {
        let error = #expect(throws: JSONError.self) { try PassedIntent(Self.verdict(changes)) }

        #expect(error?.message.contains(member) == true, "\(error?.message ?? "")")
    }

    @Test("a limit that no decimal holds keeps every order out, and does not let any price in")
    func limit() throws {
        #expect(try PassedIntent(Self.verdict())?.limit == nil)
        #expect(try PassedIntent(Self.verdict(["limit": .null]))?.limit == nil)
        let near = try #require(try PassedIntent(Self.verdict(["limit": .double(0.01)])))
        let far = try #require(try PassedIntent(Self.verdict(["limit": .double(1e300)])))

        #expect(near.limit == Decimal8("0.01") && near.json["limit"] == "0.01")
        #expect(far.limit == Decimal8(1_000_000_000))
    }

    @Test(
        "names and the condition have a limit",
        arguments: ["subject", "action", "symbol", "side"]
    )
    func limits(member: String) throws {
        func name(_ count: Int) -> JSON { .string(String(repeating: "n", count: count)) }
        let most = PassedIntent.longestCondition

        #expect(try PassedIntent(Self.verdict([member: name(PassedIntent.longestName)])) != nil)
        #expect(throws: JSONError.self) {
            try PassedIntent(Self.verdict([member: name(PassedIntent.longestName + 1)]))
        }
        #expect(try PassedIntent(Self.verdict(["invalidation": name(most)])) != nil)
        #expect(throws: JSONError.self) {
            try PassedIntent(Self.verdict(["invalidation": name(most + 1)]))
        }
    }

    @Test("how sure somebody is counts from 0 to 1, and is nothing beyond")
    func confidence() throws {
        #expect(try PassedIntent(Self.verdict(["confidence": 1]))?.confidence == Decimal8(1))
        #expect(try PassedIntent(Self.verdict(["confidence": .double(1.5)]))?.confidence == nil)
        #expect(try PassedIntent(Self.verdict(["confidence": .double(-0.5)]))?.confidence == nil)
    }
}
