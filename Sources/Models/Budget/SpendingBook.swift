// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// What a desk's agents have spent on models, and what is set aside for calls that run.
///
/// An attempt is paid at the most it can cost before it is made, and at what it did cost
/// afterwards. What was set aside when a desk was killed stays spent.
public struct SpendingBook: Sendable, Hashable {
    /// What was spent by one agent, or by all.
    public struct Account: Sendable, Hashable {
        /// Ever.
        public internal(set) var total = ModelAmount()
        /// On the newest day.
        public internal(set) var today = ModelAmount()
    }

    private struct Reservation: Hashable {
        let agent: AgentName
        let amount: ModelAmount
        let day: CalendarDate
    }

    /// The newest day on which anything was spent.
    public private(set) var day: CalendarDate?
    private var accounts: [AgentName: Account] = [:]
    private var reservations: [Int: Reservation] = [:]
    private var nextTicket = 1

    /// A book without entries.
    public init() {}

    /// What an agent has spent, with what is set aside for it.
    public func account(of agent: AgentName) -> Account {
        accounts[agent] ?? Account()
    }

    /// The agents that have spent something, sorted.
    public var agents: [AgentName] { accounts.keys.sorted() }

    /// What all agents have spent, those included that the desk no longer has.
    public var desk: Account {
        accounts.keys.sorted().reduce(into: Account()) { sum, name in
            sum.total = sum.total + account(of: name).total
            sum.today = sum.today + account(of: name).today
        }
    }

    /// Sets an amount aside.
    /// - Parameters:
    ///   - amount: What a call can cost at most; without money when the price is not known.
    ///   - agent: Who calls.
    ///   - now: The day.
    ///   - own: What the agent may spend.
    ///   - all: What the desk may spend.
    /// - Returns: The number by which it is settled, or the limit that it would break.
    public mutating func reserve(
        _ amount: (tokens: Int, money: Decimal8?),
        for agent: AgentName,
        on now: CalendarDate,
        own: ModelBudget,
        all: ModelBudget
    ) -> Reserved {
        turn(to: now)
        let whole = ModelAmount(tokens: amount.tokens, money: amount.money ?? .zero)
        for (name, account, budget) in [
            ("its own", account(of: agent), own), ("the desk's", desk, all),
        ] {
            if amount.money == nil, budget.limitsMoney {
                return .refused("\(name) budget limits money, and the model has no prices")
            }
            if let limit = Self.broken(budget, by: account, adding: whole) {
                return .refused("\(name) \(limit)")
            }
        }
        let ticket = nextTicket
        nextTicket += 1
        reservations[ticket] = Reservation(agent: agent, amount: whole, day: day ?? now)
        add(whole, to: agent, today: true)
        return .ticket(ticket)
    }

    /// What came of setting something aside.
    public enum Reserved: Sendable, Hashable {
        /// It is set aside.
        case ticket(Int)
        /// It would break a limit, named with what is left.
        case refused(String)
    }

    /// Books what a call has cost in place of what was set aside for it.
    public mutating func settle(_ ticket: Int, _ amount: ModelAmount) {
        guard let reserved = reservations.removeValue(forKey: ticket) else { return }
        let isToday = reserved.day == day
        take(reserved.amount, from: reserved.agent, today: isToday)
        add(amount, to: reserved.agent, today: isToday)
    }

    private static func broken(
        _ budget: ModelBudget,
        by account: Account,
        adding amount: ModelAmount
    ) -> String? {
        let (total, today) = (account.total + amount, account.today + amount)
        if let most = budget.tokens, total.tokens > most {
            return left("\(most) tokens", "\(max(0, most - account.total.tokens))", amount.tokens)
        }
        if let most = budget.dayTokens, today.tokens > most {
            let rest = "\(max(0, most - account.today.tokens))"
            return left("\(most) tokens a day", rest, amount.tokens)
        }
        if let most = budget.money, total.money > most {
            let rest = "\(max(.zero, most - account.total.money))"
            return left("budget of \(most)", rest, amount.money)
        }
        if let most = budget.dayMoney, today.money > most {
            let rest = "\(max(.zero, most - account.today.money))"
            return left("budget of \(most) a day", rest, amount.money)
        }
        return nil
    }

    private static func left(_ limit: String, _ rest: String, _ needed: some Any) -> String {
        "\(limit): \(rest) left, and the call may need \(needed)"
    }

    /// Begins a new day; a clock that was set back frees nothing.
    private mutating func turn(to now: CalendarDate) {
        guard let day else {
            self.day = now
            return
        }
        guard now > day else { return }
        self.day = now
        for name in accounts.keys { accounts[name]?.today = ModelAmount() }
    }

    private mutating func add(_ amount: ModelAmount, to agent: AgentName, today: Bool) {
        var account = account(of: agent)
        account.total = account.total + amount
        if today { account.today = account.today + amount }
        accounts[agent] = account
    }

    private mutating func take(_ amount: ModelAmount, from agent: AgentName, today: Bool) {
        let less = ModelAmount(tokens: -amount.tokens, money: -amount.money)
        var account = account(of: agent)
        account.total = account.total + less
        if today { account.today = account.today + less }
        accounts[agent] = account
    }

    /// The book as a file keeps it; what is set aside counts as spent.
    public var json: JSON {
        let entries = accounts.keys.sorted().map { name -> JSON in
            let account = account(of: name)
            return [
                "agent": .string(name.description), "total": account.total.json,
                "today": account.today.json,
            ]
        }
        return [
            "schema": 1, "day": day.map { .string($0.description) } ?? .null,
            "accounts": .array(entries),
        ]
    }

    /// Reads a book.
    /// - Throws: A `JSONError` when it is damaged or of another version.
    public init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "spending")
        guard try fields.int("schema") == 1 else {
            throw JSONError("spending.schema: of another version")
        }
        if let text = fields.optional("day") {
            guard let day = text.stringValue.flatMap({ CalendarDate($0) }) else {
                throw JSONError("spending.day: expected a date")
            }
            self.day = day
        }
        for (index, entry) in try fields.array("accounts").enumerated() {
            let path = "spending.accounts[\(index)]"
            let inner = try JSONFields(entry, path: path)
            guard let name = AgentName(try inner.string("agent")) else {
                throw JSONError("\(path).agent: not a name")
            }
            accounts[name] = Account(
                total: try ModelAmount(json: try inner.required("total"), path: "\(path).total"),
                today: try ModelAmount(json: try inner.required("today"), path: "\(path).today")
            )
        }
    }
}
