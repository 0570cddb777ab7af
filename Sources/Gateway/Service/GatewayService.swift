// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

/// The gateway's answers, one request at a time.
///
/// Errors are replies with a ``GatewayFault``; nothing is thrown. What a client sees at a stamp
/// depends on what is settled and on earlier rounds only.
public struct GatewayService {
    let ledger: Ledger
    let source: any SessionPriceSource
    let settings: ServiceSettings
    var exchange: PaperExchange
    var controls: OrderControls
    /// The orders that the controls refused, by id.
    var refusals: [OrderID: RefusedOrder] = [:]
    /// What passed verdicts allow, by the intent that each is on.
    var permits: [String: OrderPermit] = [:]
    /// What the account has come to since the beginning.
    var metrics: AccountMetrics
    /// The last prices.
    var board = QuoteBoard()
    /// The orders at a broker; nil for the exchange on paper.
    var broker: BrokerDesk?
    let latch: HaltLatch?
    /// How the kill switch stands.
    public internal(set) var halt = HaltState()
    /// What the ledger does not have yet.
    var debts: [LedgerDebt] = []
    /// Whether the risk agent has to be there and is not.
    public var isRiskAway = false
    /// Where in desk time clients speak; nil until the supervisor says so.
    var stamp: Stamp?

    /// Opens the service on a ledger and rebuilds the exchange from it.
    ///
    /// A halt that the latch holds stands before anybody can ask anything.
    /// - Throws: A ``GatewayError`` with code `corrupt` when the ledger contradicts itself.
    public init(
        ledger: Ledger,
        settings: ServiceSettings,
        source: any SessionPriceSource,
        latch: HaltLatch? = nil,
        processID: Int = 0
    ) throws(GatewayError) {
        self.ledger = ledger
        self.latch = latch
        self.source = source
        self.settings = settings
        controls = OrderControls(limits: settings.limits, market: settings.market)
        metrics = AccountMetrics(capital: settings.exchange.capital)
        let record = try ledger.loadRecord()
        do throws(TradingError) {
            exchange = try PaperExchange(configuration: settings.exchange, restoring: record)
        } catch {
            throw GatewayError(
                .corrupt,
                "load ledger \(ledger.path)",
                error.description,
                underlying: error
            )
        }
        for refused in try ledger.loadRefusals() { refusals[refused.order.id] = refused }
        permits = try ledger.loadPermits()
        metrics.take(exchange.equityCurve())
        recallOrders()
        if let settled = exchange.book.settledThrough { recallPrices(through: settled) }
        try openBroker()
        recallHalt(processID: processID)
    }

    /// Answers one JSON-RPC 2.0 request of a client with this role.
    ///
    /// A request needs an id; a notification gets an error, because nothing here may go unanswered.
    ///
    /// With `isFenced`, the client has been replaced by a newer one of its role and may only look.
    public mutating func handle(
        request: JSON,
        from role: ClientRole,
        isFenced: Bool = false
    ) -> JSON {
        let id = request["id"]
        do throws(RequestFailure) {
            let result = try answer(request, from: role, isFenced: isFenced)
            return ["jsonrpc": "2.0", "id": id ?? .null, "result": result]
        } catch {
            return Self.failure(error.fault, error.message, id: Self.usable(id) ?? .null)
        }
    }

    /// The reply to a line that is no JSON at all.
    public static func replyToUnreadable(_ error: JSONError) -> JSON {
        failure(.notJSON, "the line is not JSON: \(error)", id: .null)
    }

    /// The whole exchange, for tests that compare it.
    package var currentExchange: PaperExchange { exchange }

    private mutating func answer(
        _ request: JSON,
        from role: ClientRole,
        isFenced: Bool
    ) throws(RequestFailure) -> JSON {
        guard request["jsonrpc"] == "2.0", Self.usable(request["id"]) != nil,
            let name = request["method"]?.stringValue
        else {
            throw RequestFailure(
                .invalidRequest,
                "a request has jsonrpc \"2.0\", an id and a method"
            )
        }
        guard let method = GatewayMethod(rawValue: name) else {
            throw RequestFailure(.unknownMethod, "there is no method '\(name.prefix(100))'")
        }
        guard method.roles.contains(role) else {
            throw RequestFailure(.notAllowed, "\(name) is not for the role \(role.rawValue)")
        }
        guard !isFenced || !method.changesSomething else {
            throw RequestFailure(.fenced, "another \(role.rawValue) has taken over")
        }
        payDebts()
        guard debts.isEmpty || !method.changesSomething else {
            throw RequestFailure(.notRecorded, "the ledger has to catch up first")
        }
        let reader = try checking { () throws(TradingError) in
            try MessageReader(request["params"] ?? [:], path: "params")
        }
        return try perform(method, reader)
    }

    private mutating func perform(
        _ method: GatewayMethod,
        _ reader: MessageReader
    ) throws(RequestFailure) -> JSON {
        switch method {
        case .settle: try settle(reader)
        case .beginRound: try beginRound(reader)
        case .recordVerdict: try recordVerdict(reader)
        case .summary: try summary(reader)
        case .submit: try submit(reader)
        case .readAccount: try readAccount(reader)
        case .readMetrics: try readMetrics(reader)
        case .readEvents: try readEvents(reader)
        case .closeAll: try control(reader, .closeAll)
        case .halt: try halt(reader)
        case .resume: try control(reader, .resume)
        }
    }

    /// An id that a reply can name: a text or a whole number.
    private static func usable(_ id: JSON?) -> JSON? {
        switch id {
        case .some(.int), .some(.string): id
        default: nil
        }
    }

    private static func failure(_ fault: GatewayFault, _ message: String, id: JSON) -> JSON {
        [
            "jsonrpc": "2.0",
            "id": id,
            "error": ["code": .int(Int64(fault.rawValue)), "message": .string(message)],
        ]
    }
}
