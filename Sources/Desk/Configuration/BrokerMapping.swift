// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// How a broker's tools are called and what their answers mean.
public struct BrokerMapping: Sendable, Hashable {
    /// A tool and its arguments.
    public struct Call: Sendable, Hashable {
        /// The tool.
        public let tool: String
        /// The arguments, with words in braces.
        public let arguments: ArgumentTemplate
    }

    /// A call whose answer is a list, perhaps in several pages.
    public struct List: Sendable, Hashable {
        /// The call for the first page.
        public let call: Call
        /// Where the list is in the answer.
        public let path: String
        /// As many entries as this may not be all of them.
        public let full: Int?
        /// The call for a further page; nil when there is none.
        public let next: Call?
    }

    /// Where the members of an order are.
    public struct OrderFields: Sendable, Hashable {
        /// Where the order is in an answer that is no list.
        public let path: String
        /// The id that the desk chose.
        public let id: String
        /// The id that the broker chose.
        public let venueID: String
        /// How it stands.
        public let status: String
        /// How much was ordered.
        public let quantity: String
        /// How much of it is filled.
        public let filled: String
    }

    /// Where the members of an execution are.
    public struct FillFields: Sendable, Hashable {
        /// The broker's id of the execution.
        public let id: String
        /// The broker's id of the order.
        public let venueID: String
        /// What was traded.
        public let symbol: String
        /// The direction.
        public let side: String
        /// How much.
        public let quantity: String
        /// The price.
        public let price: String
    }

    /// Where the members of a position are.
    public struct PositionFields: Sendable, Hashable {
        /// What is held.
        public let symbol: String
        /// How much.
        public let quantity: String
        /// Long or short; nil when the sign of the quantity says it.
        public let side: String?
    }

    /// What is read of the account.
    public struct AccountFields: Sendable, Hashable {
        /// The call.
        public let call: Call
        /// The account's number.
        public let number: String
        /// What the number of an account of play money begins with; nil when nothing tells.
        public let playPrefix: String?
        /// The cash; nil when it is not told.
        public let cash: String?
        /// What the account is worth; nil when it is not told.
        public let equity: String?
    }

    /// What a word of the broker's for the standing of an order means.
    public enum Status: String, Sendable, CaseIterable {
        /// It can still be filled.
        case open
        /// It is filled as a whole.
        case filled
        /// It ended without being filled as a whole.
        case cancelled
        /// It was never taken.
        case refused
    }

    /// What an answer that is an error can mean.
    public enum Fault: String, Sendable, CaseIterable {
        /// There is an order with this id already.
        case duplicate
        /// There is no order with this id.
        case unknown
        /// The order was not taken, for good.
        case refused
    }

    /// How an error is recognised.
    public struct FaultRule: Sendable, Hashable {
        /// Any of these in the answer's text.
        public let texts: [String]
        /// Where one of ``values`` is.
        public let path: String?
        /// What is found there.
        public let values: [String]
    }

    /// The most bytes of a mapping.
    public static let limitBytes = 64 << 10

    /// The most characters of an id that the broker takes.
    public let longestID: Int
    /// Whether an id that was ever taken is refused for good.
    public let hasUniqueIDs: Bool
    /// Whether only whole quantities are taken.
    public let wholeQuantities: Bool
    /// Prices are multiples of this.
    public let priceStep: Decimal8
    /// Whether numbers go out as numbers and not as texts.
    public let sendsNumbers: Bool
    /// Places an order at any price.
    public let market: Call
    /// Places an order with a limit; nil when there are none.
    public let limit: Call?
    /// Places a stop.
    public let stop: Call
    /// Takes an order back.
    public let cancel: Call
    /// Finds an order by the desk's id.
    public let query: Call
    /// Finds an order by the broker's id.
    public let find: Call
    /// The orders that are open.
    public let open: List
    /// Executions, the newest first.
    public let fills: List
    /// What is held.
    public let positions: List
    /// The account.
    public let account: AccountFields
    /// Where the members of an order are.
    public let order: OrderFields
    /// Where the members of an execution are.
    public let fill: FillFields
    /// Where the members of a position are.
    public let position: PositionFields
    /// The broker's words for buying, the one to send first.
    public let buyWords: [String]
    /// The broker's words for selling, the one to send first.
    public let sellWords: [String]
    /// The broker's words for a short position.
    public let shortWords: [String]
    /// What the broker's words for standings mean.
    public let statuses: [String: Status]
    /// How errors are recognised.
    public let faults: [Fault: FaultRule]

    /// The names of the tools that are called, each once and sorted.
    public var tools: [String] {
        let lists = [open, fills, positions].flatMap { [$0.call] + ($0.next.map { [$0] } ?? []) }
        let calls = [market, stop, cancel, query, find, account.call] + (limit.map { [$0] } ?? [])
        return Set((calls + lists).map(\.tool)).sorted()
    }
}
