// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git

/// What a desk keeps of a goal besides its commits, in `.loopdesk/goals/<agent>.json`.
///
/// All but the sticky `isMet` and what is set aside can be read from the commits again; the file
/// saves walking through them.
struct GoalRecord: Equatable {
    /// The goal's name; a record of another goal is of no use.
    let goal: TriggerID
    /// The commit up to which turns have been counted.
    var head: ObjectID?
    /// When the first turn began.
    var started: Instant?
    /// The number of the first turn.
    var firstTurn: Int?
    /// What the counted turns have cost.
    var spent = GoalSpending()
    /// What the dearest has cost.
    var dearest = GoalSpending()
    /// What is set aside, and the turn it is for.
    var reserved: (turn: Int, price: GoalSpending)?
    /// Whether the goal has been met; it stays so whatever becomes of the condition.
    var isMet = false
    /// Why the command could not be run the last time.
    var fault: String?
    /// The ending that was told last; nil when the goal has been active since.
    var told: GoalState?

    init(goal: TriggerID) {
        self.goal = goal
    }

    static func == (left: GoalRecord, right: GoalRecord) -> Bool { left.json == right.json }

    /// The budget as it stands.
    func budget(_ limits: GoalLimits) -> GoalBudget {
        GoalBudget(
            limits,
            started: started,
            spent: spent,
            dearest: dearest,
            reserved: reserved?.price
        )
    }

    /// Takes over what a budget says.
    mutating func take(_ budget: GoalBudget, turn: Int?) {
        started = budget.started
        spent = budget.spent
        dearest = budget.dearest
        reserved = budget.reserved.flatMap { price in turn.map { ($0, price) } }
    }

    var json: JSON {
        [
            "schema": 1, "goal": .string(goal.description),
            "head": head.map { .string($0.description) } ?? .null,
            "started": started.map { .string($0.description) } ?? .null,
            "first_turn": firstTurn.map { .int(Int64($0)) } ?? .null,
            "spent": Self.json(spent), "dearest": Self.json(dearest),
            "reserved": reserved.map { turn, price -> JSON in
                ["turn": .int(Int64(turn)), "price": Self.json(price)]
            } ?? .null,
            "met": .bool(isMet), "fault": fault.map { .string($0) } ?? .null,
            "told": told.map { .string($0.rawValue) } ?? .null,
        ]
    }

    /// Reads a record.
    /// - Throws: A `JSONError` when it is damaged or of another version.
    init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "goal")
        guard try fields.int("schema") == 1, let goal = TriggerID(try fields.string("goal")) else {
            throw JSONError("goal: not of this version")
        }
        self.goal = goal
        head = json["head"]?.stringValue.flatMap { ObjectID(hex: $0) }
        started = json["started"]?.stringValue.flatMap { Instant($0) }
        firstTurn = json["first_turn"]?.intValue
        spent = try Self.spending(try fields.required("spent"))
        dearest = try Self.spending(try fields.required("dearest"))
        isMet = try fields.bool("met")
        fault = json["fault"]?.stringValue
        told = json["told"]?.stringValue.flatMap { GoalState(rawValue: $0) }
        if let reserved = fields.optional("reserved") {
            let inner = try JSONFields(reserved, path: "goal.reserved")
            let price = try Self.spending(try inner.required("price"))
            self.reserved = (try inner.int("turn"), price)
        }
    }

    private static func json(_ spending: GoalSpending) -> JSON {
        [
            "turns": .int(Int64(spending.turns)), "tokens": .int(Int64(spending.tokens)),
            "money": .string(spending.money.description),
        ]
    }

    private static func spending(_ json: JSON) throws(JSONError) -> GoalSpending {
        let fields = try JSONFields(json, path: "goal")
        return GoalSpending(
            turns: try fields.int("turns"),
            tokens: try fields.int("tokens"),
            money: try fields.decimal("money")
        )
    }
}
