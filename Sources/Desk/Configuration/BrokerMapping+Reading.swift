// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension BrokerMapping {
    private static let keys = [
        "version", "longest_id", "unique_ids", "whole_quantities", "price_step", "numbers", "place",
        "cancel",
        "query", "find", "open", "fills", "positions", "account", "order", "fill", "position",
        "sides", "statuses", "errors",
    ]

    /// Reads and checks a mapping.
    /// - Throws: A ``DeskError`` with code `configuration` that lists every fault with its line.
    public init(parsing text: String, file: String) throws(DeskError) {
        var reader = try YAMLReader(text, file: file, code: .configuration)
        let read = Self.read(&reader)
        try reader.finish()
        guard let read else {
            throw DeskError(code: .configuration, file: file, message: "not a mapping")
        }
        self = read
    }

    private static func read(_ reader: inout YAMLReader) -> BrokerMapping? {
        let root = reader.root
        reader.allowOnly(keys, in: root)
        _ = reader.scalar("version", in: root, expected: "the number 1") { $0 == "1" ? 1 : nil }
        let place = reader.placing()
        let calls = ["cancel", "query", "find"].map { name in
            reader.call(name, in: root, words: name == "find" ? ["venue_id"] : ["id", "venue_id"])
        }
        let lists = ["open", "fills", "positions"].map { reader.list($0) }
        let account = reader.account()
        let order = reader.fields(
            "order",
            ["id", "venue_id", "status", "quantity", "filled"],
            ["at"]
        )
        let fill = reader.fields(
            "fill",
            ["id", "venue_id", "symbol", "side", "quantity", "price"],
            []
        )
        let position = reader.fields("position", ["symbol", "quantity"], ["side"])
        let sides = reader.words("sides", ["buy", "sell"], ["short"])
        let statuses = reader.words("statuses", Status.allCases.map(\.rawValue), [])
        let faults = reader.faults()
        let step = reader.priceStep()
        let longest = reader.int("longest_id", in: root, path: "", range: 32...173, default: 128)
        let hasUniqueIDs = reader.uniqueIDs(faults)
        let (isWhole, sendsNumbers) = reader.forms()
        guard let market = place?.market, let stop = place?.stop, let cancel = calls[0],
            let query = calls[1], let find = calls[2], let open = lists[0], let fills = lists[1],
            let positions = lists[2], let account, let order, let fill, let position, let sides,
            let statuses, let step
        else { return nil }
        return BrokerMapping(
            longestID: longest,
            hasUniqueIDs: hasUniqueIDs,
            wholeQuantities: isWhole,
            priceStep: step,
            sendsNumbers: sendsNumbers,
            market: market,
            limit: place?.limit,
            stop: stop,
            cancel: cancel,
            query: query,
            find: find,
            open: open,
            fills: fills,
            positions: positions,
            account: account,
            order: OrderFields(order),
            fill: FillFields(fill),
            position: PositionFields(position),
            buyWords: sides["buy"] ?? [],
            sellWords: sides["sell"] ?? [],
            shortWords: sides["short"] ?? [],
            statuses: Self.meanings(statuses),
            faults: faults
        )
    }

    private static func meanings(_ lists: [String: [String]]) -> [String: Status] {
        var meanings: [String: Status] = [:]
        for status in Status.allCases {
            for word in lists[status.rawValue] ?? [] { meanings[word] = status }
        }
        return meanings
    }
}

extension BrokerMapping.OrderFields {
    fileprivate init(_ paths: [String: String]) {
        self.init(
            path: paths["at"] ?? "",
            id: paths["id"] ?? "",
            venueID: paths["venue_id"] ?? "",
            status: paths["status"] ?? "",
            quantity: paths["quantity"] ?? "",
            filled: paths["filled"] ?? ""
        )
    }
}

extension BrokerMapping.FillFields {
    fileprivate init(_ paths: [String: String]) {
        self.init(
            id: paths["id"] ?? "",
            venueID: paths["venue_id"] ?? "",
            symbol: paths["symbol"] ?? "",
            side: paths["side"] ?? "",
            quantity: paths["quantity"] ?? "",
            price: paths["price"] ?? ""
        )
    }
}

extension BrokerMapping.PositionFields {
    fileprivate init(_ paths: [String: String]) {
        self.init(
            symbol: paths["symbol"] ?? "",
            quantity: paths["quantity"] ?? "",
            side: paths["side"]
        )
    }
}
