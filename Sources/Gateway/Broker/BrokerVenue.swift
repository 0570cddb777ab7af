// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk
import MCP
import Trading

/// A broker behind tools as a venue: each request becomes one or several calls.
///
/// Nothing is ever placed twice from here. An answer that does not say clearly what became of an
/// order says nothing, and the dispatcher goes on asking.
public actor BrokerVenue {
    /// Whom requests were refused by, in words.
    struct Trouble: Error {
        let text: String
    }

    let translator: BrokerTranslator
    let tools: any BrokerTools
    private let isLive: Bool
    /// The broker's ids of orders by ours, and ours by the broker's; nil for an order that is none
    /// of the desk's.
    var venueIDs: [OrderID: String] = [:]
    var ownIDs: [String: OrderID?] = [:]
    /// Every execution that a whole look has found.
    var fills: [String: VenueFill] = [:]
    /// The account, once it is known that it may be used.
    private(set) var account: BrokerAccount?
    /// Why the last request came to nothing.
    private(set) var trouble: String?

    /// Sets a venue up.
    /// - Parameters:
    ///   - mapping: How the tools are called.
    ///   - tools: The tools.
    ///   - isLive: Whether an account of real money may be used.
    public init(_ mapping: BrokerMapping, _ tools: any BrokerTools, isLive: Bool) {
        translator = BrokerTranslator(mapping: mapping)
        self.tools = tools
        self.isLive = isLive
    }

    /// Does what is asked, once, and says what is known of it then.
    func answer(_ request: VenueRequest) async -> [VenueReport] {
        do {
            try await requireAccount(anew: request.isSurvey)
            let reports =
                switch request {
                case .place(let order): try await place(order)
                case .cancel(let id): try await cancel(id)
                case .query(let id): try await query(id)
                case .survey(let number): try await survey(number)
                }
            trouble = nil
            return reports
        } catch let error as MCPError {
            trouble = "\(error)"
        } catch let error as Trouble {
            trouble = error.text
        } catch {
            trouble = "\(error)"
        }
        return []
    }

    /// Refuses an account of real money, unless the owner has said that it may be used.
    private func requireAccount(anew: Bool) async throws {
        guard account == nil || anew else { return }
        let result = try await call(translator.mapping.account.call)
        guard let found = translator.account(in: result) else {
            throw Trouble(text: "the account cannot be read: \(result.text.prefix(200))")
        }
        if let known = account, known.number != found.number {
            throw Trouble(text: "the account was \(known.number) and is \(found.number) now")
        }
        let prefix = translator.mapping.account.playPrefix
        guard isLive || prefix.map({ found.number.hasPrefix($0) }) ?? false else {
            throw Trouble(
                text: "the account \(found.number) is not one of play money; broker.live in"
                    + " orchestrator.yml says whether real money may be traded"
            )
        }
        account = found
    }

    private func place(_ order: VenueOrder) async throws -> [VenueReport] {
        guard let (tool, arguments) = translator.placing(order) else {
            // Nothing was sent, and nothing ever will be.
            return [.standing(order.id, .refused)]
        }
        let result = try await tools.call(tool, arguments)
        if let found = translator.order(in: result), found.id == order.id.description {
            note(found.venueID, is: order.id)
            return [.standing(order.id, found.standing)]
        }
        switch translator.fault(in: result) {
        case .duplicate: return try await query(order.id)
        case .refused: return [.standing(order.id, .declined)]
        case .unknown, nil:
            throw Trouble(text: "what became of \(order.id) is unknown: \(result.text.prefix(200))")
        }
    }

    private func query(_ id: OrderID) async throws -> [VenueReport] {
        let result = try await call(translator.mapping.query, id)
        if let found = translator.order(in: result), found.id == id.description {
            note(found.venueID, is: id)
            return [.standing(id, found.standing)]
        }
        guard translator.fault(in: result) == .unknown else {
            throw Trouble(text: "how \(id) stands is unknown: \(result.text.prefix(200))")
        }
        return [.standing(id, .unknown)]
    }

    /// Takes an order back and looks what came of it, since an answer to the first alone may only
    /// mean that the broker will try.
    private func cancel(_ id: OrderID) async throws -> [VenueReport] {
        if translator.mapping.cancel.arguments.mentions("venue_id"), venueIDs[id] == nil {
            let reports = try await query(id)
            guard reports == [.standing(id, .open)] else { return reports }
        }
        _ = try await call(translator.mapping.cancel, id)
        return try await query(id)
    }

    func note(_ venueID: String, is id: OrderID) {
        venueIDs[id] = venueID
        ownIDs[venueID] = .some(id)
    }

    func call(
        _ call: BrokerMapping.Call,
        _ id: OrderID? = nil,
        words: [String: String] = [:]
    ) async throws(MCPError) -> ToolResult {
        var words = words
        if let id {
            words["id"] = id.description
            words["venue_id"] = venueIDs[id] ?? ""
        }
        let (tool, arguments) = translator.filled(call, words)
        return try await tools.call(tool, arguments)
    }
}

extension VenueRequest {
    var isSurvey: Bool {
        if case .survey = self { true } else { false }
    }
}
