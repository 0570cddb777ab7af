// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Supervisor
import Testing

@Suite("What an alert tells")
struct AlertTests {
    private func alert(_ entry: String) throws -> AlertConfiguration {
        let desk = try DeskConfiguration(
            parsing: """
                version: 1
                name: alerts
                replay: {from: 2000-03-01, through: 2000-03-08}
                market: {feed: {kind: csv, path: bars.csv}, symbols: [IBM], session_close: "21:00"}
                account: {capital: 1000000}
                connectors: {chat: {command: [chat]}}
                alerts: {one: {\(entry)}}
                agents: {risk: {role: risk, every: 1m}}
                """
        )
        return try #require(desk.alerts.first)
    }

    private func event(_ name: String, _ number: Int, drawdown: Double? = nil) -> JSON {
        .object(
            [
                .init("seq", .int(Int64(number))), .init("time", "2026-11-20T15:00:03Z"),
                .init("event", .string(name)), .init("agent", "risk"), .init("reason", "a limit"),
            ] + (drawdown.map { [.init("drawdown", .double($0))] } ?? [])
        )
    }

    private let noon = Instant(secondsSinceEpoch: 1_800_000_000)

    @Test("only what it is about is told, each event once")
    func occasions() throws {
        let halts = try alert("on: [halt], webhook: \"https://a.example/x\"")
        var state = AlertState(after: 5)

        #expect(state.decide(event("ledger.halted", 5), number: 5, for: halts, at: noon) == .pass)
        #expect(state.decide(event("turn.failed", 6), number: 6, for: halts, at: noon) == .pass)
        let halted = event("ledger.halted", 7)
        #expect(state.decide(halted, number: 7, for: halts, at: noon) == .tell(leftOut: 0))
        // Nobody has heard it yet.
        #expect(state.decide(halted, number: 7, for: halts, at: noon) == .tell(leftOut: 0))
        state.note(told: 7, at: noon)
        #expect(state.decide(halted, number: 7, for: halts, at: noon) == .pass)
        #expect(AlertState(state.json) == state)
    }

    @Test("more than so many in an hour are counted, and the next one says how many")
    func rate() throws {
        let refusals = try alert(
            "on: [refused], per_hour: 2, webhook: \"https://a.example/x\""
        )
        var state = AlertState(after: 0)
        func decide(_ number: Int, _ minute: Int64) -> AlertState.Decision {
            let now = Instant(secondsSinceEpoch: noon.secondsSinceEpoch + minute * 60)
            let decision = state.decide(
                event("output.refused", number),
                number: number,
                for: refusals,
                at: now
            )
            if decision != .pass { state.note(told: number, at: now) }
            return decision
        }

        let told = [decide(1, 0), decide(2, 1), decide(3, 2), decide(4, 59), decide(5, 60)]

        #expect(told == [.tell(leftOut: 0), .tell(leftOut: 0), .pass, .pass, .tell(leftOut: 2)])
    }

    @Test("what nobody could be told of is behind it, and the next message says so")
    func givenUp() throws {
        let halts = try alert("on: [halt], webhook: \"https://a.example/x\"")
        var state = AlertState(after: 0)
        func decide(_ number: Int) -> AlertState.Decision {
            state.decide(event("ledger.halted", number), number: number, for: halts, at: noon)
        }

        let first = decide(3)
        state.giveUp(on: 3)
        let again = decide(3)
        let next = decide(4)

        #expect(first == .tell(leftOut: 0) && again == .pass && next == .tell(leftOut: 1))
        #expect(state.number == 3)
    }

    @Test(
        "a state that cannot have been is none",
        arguments: [("number", -1), ("left_out", -1), ("low", 1), ("sent", 1)] as [(String, JSON)]
    )
    func damaged(member: String, value: JSON) {
        let whole = AlertState(after: 3).json
        let members = (whole.objectValue ?? []).map { found in
            JSON.Member(found.name, found.name == member ? value : found.value)
        }

        #expect(AlertState(whole) != nil)
        #expect(AlertState(.object(members)) == nil)
    }

    @Test("two events of one number, as after a desk was made anew, have ids of their own")
    func sameNumber() {
        let halted = AlertMessage(event("ledger.halted", 9), desk: "d", leftOut: 0)
        let refused = AlertMessage(event("output.refused", 9), desk: "d", leftOut: 0)

        #expect(halted.id != refused.id)
        #expect(refused.id.hasPrefix("alert-9-"))
    }

    @Test("a loss is told once, and again only after it was smaller")
    func drawdown() throws {
        let losses = try alert(
            "on: [drawdown], drawdown: 0.05, webhook: \"https://a.example/x\""
        )
        var state = AlertState(after: 0)
        var told: [Int] = []
        for (index, loss) in [0.01, 0.05, 0.08, 0.06, 0.04, 0.07].enumerated() {
            let number = index + 1
            let decision = state.decide(
                event("account.reported", number, drawdown: loss),
                number: number,
                for: losses,
                at: noon
            )
            guard decision != .pass else { continue }
            told.append(number)
            state.note(told: number, at: noon)
        }

        #expect(told == [2, 6])
    }

    @Test("words in braces are filled in once, whatever the values hold")
    func template() throws {
        let chat = try alert(
            "on: [halt], connector: chat, tool: post,"
                + " arguments: {text: \"{event} at {time}: {reason}\", list: [\"{agent}\", 1]}"
        )
        guard case .tool(_, _, let arguments) = chat.way else {
            Issue.record("no tool")
            return
        }

        let filled = ArgumentTemplate(arguments).filled([
            "event": "e", "time": "t", "reason": "{agent}", "agent": "a",
        ])

        #expect(filled == ["text": "e at t: {agent}", "list": ["a", 1]])
    }

    @Test("a message has the same id each time, and a signature that receivers can check")
    func message() throws {
        let secret = try #require(
            WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", style: .standard)
        )
        let first = AlertMessage(event("ledger.halted", 9), desk: "d", leftOut: 0)
        let again = AlertMessage(event("ledger.halted", 9), desk: "d", leftOut: 3)

        let headers = first.headers(at: noon, signedBy: secret)

        #expect(first.id == again.id && first.id.hasPrefix("alert-9-"))
        #expect(first.line == "d: ledger.halted: risk; a limit")
        #expect(again.line.hasSuffix("(and 3 before it that were not told)"))
        let verifier = WebhookVerifier(style: .standard, secrets: [secret])
        let verdict = verifier.verify(body: first.body, now: noon) { name in
            headers.first { $0.name == name }?.value
        }
        #expect(verdict == .genuine(id: first.id))
        let forged = verifier.verify(body: again.body, now: noon) { name in
            headers.first { $0.name == name }?.value
        }
        #expect(forged == .refused)
    }

    @Test(
        "what cannot be meant is refused with what to do",
        arguments: [
            ("on: [], webhook: \"https://a.example\"", "on: missing"),
            ("on: [rain], webhook: \"https://a.example\"", "expected one of halt"),
            ("on: [halt]", "expected either webhook, an address, or connector and tool"),
            ("on: [halt], webhook: \"http://a.example\"", "http:// only to a loopback"),
            ("on: [halt], webhook: \"https://a.example\", secret: plain", "never the secret"),
            ("on: [halt], connector: none, tool: t", "expected one of chat"),
            ("on: [drawdown], webhook: \"https://a.example\"", "says from which loss"),
            ("on: [halt], drawdown: 0.1, webhook: \"https://a.example\"", "goes with on"),
            (
                "on: [halt], connector: chat, tool: t, arguments: {text: \"{weather}\"}",
                "found '{weather}'"
            ),
        ]
    )
    func faults(_ entry: String, _ expected: String) {
        var told = "no fault"
        do { _ = try alert(entry) } catch { told = "\(error)" }
        #expect(told.contains(expected), "\(told)")
    }
}
