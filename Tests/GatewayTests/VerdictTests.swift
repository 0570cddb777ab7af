// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Verdicts in the gateway")
struct VerdictTests {
    private func bench() throws -> Bench {
        let bench = try Bench()
        bench.isPermitting = false
        bench.settle(1)
        bench.round(1, 1)
        return bench
    }

    private func answer(_ reply: JSON) -> String {
        reply["result"]?["reason"]?.stringValue ?? reply["result"]?["state"]?.stringValue ?? "error"
    }

    @Test("an executor's order without a verdict is refused and kept")
    func without() throws {
        let bench = try bench()

        let refused = bench.ask(.submit, Bench.entry("a", day: 1))

        #expect(answer(refused) == "verdict: none has passed on s-a")
        #expect(bench.summary()["orders"] == 0)
        #expect(bench.service.currentExchange.book.pending.isEmpty)
    }

    @Test(
        "an order beyond its verdict is refused",
        arguments: [
            (["instrument": "BBB"], "is on AAA, not on BBB"),
            (["side": "sell"], "allows to buy, not to sell"),
            (["quantity": "11"], "allows 10 units, not 11"),
            (["strategy": "another"], "is on another strategy"),
            (["signal": "s-b"], "none has passed on s-b"),
        ] as [([String: JSON], String)]
    )
    func beyond(changes: [String: JSON], reason: String) throws {
        let bench = try bench()
        let order = Bench.entry("a", day: 1)
        bench.permit(order, changing: ["size": "0.01", "close": "100"])
        let members = (order.objectValue ?? []).map { member in
            JSON.Member(member.name, changes[member.name] ?? member.value)
        }

        let refused = bench.ask(.submit, .object(members))

        #expect(answer(refused).hasPrefix("verdict: "))
        #expect(answer(refused).hasSuffix(reason))
        #expect(bench.service.currentExchange.book.pending.isEmpty)
    }

    @Test("a verdict is good for one order, also after a restart")
    func once() throws {
        let bench = try bench()
        bench.permit(Bench.entry("a", day: 1))
        let first = bench.ask(.submit, Bench.entry("a", day: 1))
        var members = Bench.entry("b", day: 1).objectValue ?? []
        members.removeAll { $0.name == "signal" }
        let second = JSON.object(members + [.init("signal", "s-a")])
        let used = bench.ask(.submit, second)
        try bench.reopen()
        bench.round(1, 1)

        let later = bench.ask(.submit, second)
        let again = bench.ask(.submit, Bench.entry("a", day: 1))

        #expect(answer(first) == "accepted")
        #expect(answer(used).hasPrefix("signal: s-a has asked before"))
        #expect(answer(later) == answer(used))
        #expect(again == first)
    }

    @Test("a verdict outlives the process that was told of it")
    func restart() throws {
        let bench = try bench()
        bench.permit(Bench.entry("a", day: 1))
        let digest = bench.summary()["digest"]
        try bench.reopen()
        bench.round(1, 1)

        let repeated = bench.permit(Bench.entry("a", day: 1))
        let order = bench.ask(.submit, Bench.entry("a", day: 1))

        #expect(repeated["result"]?["recorded"] == true)
        #expect(answer(order) == "accepted")
        #expect(bench.summary()["digest"] != digest)
    }

    @Test("nobody but the supervisor hands in verdicts", arguments: ClientRole.allCases)
    func roles(role: ClientRole) throws {
        let bench = try bench()

        let reply = bench.ask(.recordVerdict, Bench.permit(Bench.entry("a", day: 1)), as: role)

        #expect(reply.errorCode == (role == .supervisor ? nil : .notAllowed))
    }

    @Test("the first verdict on an intent stands, and one that makes no sense is not recorded")
    func second() throws {
        let bench = try bench()
        let order = Bench.entry("a", day: 1)
        bench.permit(order)

        let other = bench.permit(order, changing: ["verdict": "verdict-2"])
        let nonsense = bench.permit(Bench.entry("b", day: 1), changing: ["close": "0"])
        let nameless = bench.permit(Bench.entry("c", day: 1), changing: ["strategy": ""])

        #expect(other["result"]?["recorded"] == false)
        #expect(
            other["result"]?["reason"]?.stringValue == "verdict-of-s-a was on the same intent"
        )
        #expect(nonsense["result"]?["recorded"] == false)
        #expect(nameless["result"]?["recorded"] == false)
    }

    @Test("a plan with offsets is no client's, since no limit could look at it")
    func offsets() throws {
        let bench = try bench()
        let order = Bench.entry("a", day: 1)
        bench.permit(order)
        let members = (order.objectValue ?? []).map { member in
            guard member.name == "plan", let plan = member.value.objectValue else { return member }
            return JSON.Member("plan", .object(plan + [.init("stopOffset", ["share": "0.9"])]))
        }

        let reply = bench.ask(.submit, .object(members))

        #expect(reply.errorCode == .invalidParameters)
    }
}
