// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Models
import TestSupport
import Testing

@Suite("What may be spent on models")
struct SpendingBookTests {
    private let agent: AgentName
    private let day = CalendarDate(daysSinceEpoch: 20_000)

    init() throws {
        agent = try #require(AgentName("maker"))
    }

    private func budget(_ change: (inout ModelBudget) -> Void) -> ModelBudget {
        var budget = ModelBudget()
        change(&budget)
        return budget
    }

    private func reserve(
        _ book: inout SpendingBook,
        tokens: Int,
        money: String? = "0",
        own: ModelBudget = ModelBudget(),
        all: ModelBudget = ModelBudget(),
        later: Int = 0
    ) -> SpendingBook.Reserved {
        let now = CalendarDate(daysSinceEpoch: day.daysSinceEpoch + later)
        let amount = money.flatMap { Decimal8($0) }
        return book.reserve((tokens, amount), for: agent, on: now, own: own, all: all)
    }

    @Test("what is set aside counts at once, and what it came to counts afterwards")
    func settle() {
        var book = SpendingBook()
        let limit = budget { $0.tokens = 100 }

        let first = reserve(&book, tokens: 90, own: limit)
        let second = reserve(&book, tokens: 20, own: limit)
        if case .ticket(let ticket) = first { book.settle(ticket, ModelAmount(tokens: 10)) }
        let third = reserve(&book, tokens: 90, own: limit)
        let fourth = reserve(&book, tokens: 1, own: limit)

        #expect(first == .ticket(1))
        #expect(second == .refused("its own 100 tokens: 10 left, and the call may need 20"))
        #expect(third == .ticket(2))
        #expect(fourth == .refused("its own 100 tokens: 0 left, and the call may need 1"))
    }

    @Test(
        "each limit binds, the agent's own and the desk's",
        arguments: [
            (#"{"tokens":5}"#, "5 tokens"), (#"{"tokens_a_day":5}"#, "5 tokens a day"),
            (#"{"money":0.5}"#, "budget of 0.5"), (#"{"money_a_day":0.5}"#, "budget of 0.5 a day"),
        ]
    )
    func limits(text: String, words: String) throws {
        let limit = try ModelBudget.parse(text)
        for isOwn in [true, false] {
            var book = SpendingBook()
            let (own, all) = isOwn ? (limit, ModelBudget()) : (ModelBudget(), limit)

            let fits = reserve(&book, tokens: 5, money: "0.5", own: own, all: all)
            let breaks = reserve(&book, tokens: 5, money: "0.5", own: own, all: all)

            #expect(fits == .ticket(1))
            guard case .refused(let reason) = breaks else {
                Issue.record("the limit did not bind")
                continue
            }
            #expect(reason.hasPrefix("\(isOwn ? "its own" : "the desk's") \(words):"))
        }
    }

    @Test("a new day frees the day's limit and not the others; a clock set back frees nothing")
    func days() {
        var book = SpendingBook()
        let limit = budget { ($0.dayTokens, $0.tokens) = (10, 25) }

        let results = [0, 0, 1, -1, 2].map { later in
            let result = reserve(&book, tokens: 10, own: limit, later: later)
            guard case .ticket = result else { return false }
            return true
        }

        #expect(results == [true, false, true, false, false])
        // A day that comes again has what was spent on it.
        let daily = budget { $0.dayTokens = 10 }
        #expect(reserve(&book, tokens: 10, own: daily, later: 3) == .ticket(3))
        guard case .refused = reserve(&book, tokens: 1, own: daily, later: 2) else {
            Issue.record("a clock that was set back freed the day")
            return
        }
    }

    @Test("a call is settled once, and on the day on which it was made")
    func settledOnce() throws {
        var book = SpendingBook()
        let cost = ModelAmount(tokens: 30)

        let first = reserve(&book, tokens: 100)
        _ = reserve(&book, tokens: 7, later: 1)
        if case .ticket(let ticket) = first {
            book.settle(ticket, cost)
            book.settle(ticket, cost)
        }

        #expect(book.account(of: agent).total == ModelAmount(tokens: 37))
        #expect(book.account(of: agent).today == ModelAmount(tokens: 7))
    }

    @Test("without prices nothing is paid from a budget of money, and everything else is")
    func unpriced() {
        var book = SpendingBook()
        let money = budget { $0.money = Decimal8(100) }
        let tokens = budget { $0.tokens = 100 }

        let refused = reserve(&book, tokens: 1, money: nil, own: money)
        let paid = reserve(&book, tokens: 1, money: nil, own: tokens)

        #expect(refused == .refused("its own budget limits money, and the model has no prices"))
        #expect(paid == .ticket(1))
    }

    @Test("a book that is read back has what was spent, and what was set aside as spent")
    func file() throws {
        var book = SpendingBook()
        if case .ticket(let ticket) = reserve(&book, tokens: 9, money: "1") {
            book.settle(ticket, ModelAmount(tokens: 4, money: Decimal8("0.25") ?? .zero))
        }
        _ = reserve(&book, tokens: 6, money: "2")

        var read = try SpendingBook(json: try JSON(parsing: book.json.compactBytes))
        read.settle(2, ModelAmount())

        #expect(read.desk.total == ModelAmount(tokens: 10, money: Decimal8("2.25") ?? .zero))
        #expect(read.account(of: agent).today == read.desk.total)
        #expect(read.agents == [agent])
    }

    @Test(
        "a damaged book is no book",
        arguments: [
            "{}", #"{"schema":2,"accounts":[]}"#, #"{"schema":1,"day":7,"accounts":[]}"#,
            #"{"schema":1,"accounts":[{"agent":"a","total":{"tokens":-1,"money":"0"},"#
                + #""today":{"tokens":0,"money":"0"}}]}"#,
            #"{"schema":1,"accounts":[{"agent":"a","total":{"tokens":1,"money":"-1"},"#
                + #""today":{"tokens":0,"money":"0"}}]}"#,
        ]
    )
    func damaged(text: String) {
        #expect(throws: JSONError.self) {
            try SpendingBook(json: try JSON(parsing: text))
        }
    }

    @Test("prices are exact and rounded up, and sums stay within the range of numbers")
    func prices() throws {
        let model = try ModelBench.model("openai")
        let prices = try #require(model.prices)

        let small = prices.cost(of: ModelUsage(input: 1, cached: 1, written: 1, output: 1))
        let odd = ModelPrices(
            input: Decimal8(units: 1),
            output: .zero,
            cached: .zero,
            written: .zero
        ).cost(of: ModelUsage(input: 1))
        let most = ModelAmount(tokens: .max, money: Decimal8(units: .max))

        // 2 + 0.2 + 2 + 10 for a million of each; what is written costs what a prompt costs.
        #expect(small == Decimal8("0.0000142"))
        #expect(odd == Decimal8(units: 1))
        #expect(most + most == most)
        #expect(ModelUsage(input: -5, output: .max).total == ModelUsage.limit)
    }
}
