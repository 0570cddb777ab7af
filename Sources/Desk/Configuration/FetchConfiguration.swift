// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How new bars come into the file of a feed, as `market.feed.fetch` says: by a tool of a connector
/// that is asked for each symbol.
public struct FetchConfiguration: Sendable, Hashable {
    /// Where in one row of an answer the parts of a bar are: names with points between them.
    public struct Fields: Sendable, Hashable {
        /// The time: a date, RFC 3339, or seconds or milliseconds since 1970.
        public let time: String
        /// The first price.
        public let open: String
        /// The highest price.
        public let high: String
        /// The lowest price.
        public let low: String
        /// The last price.
        public let close: String
        /// The quantity traded.
        public let volume: String
        /// The price at which the day is settled; nil when it is not taken.
        public let settlement: String?
        /// The highest price of the day; nil when it is not taken.
        public let limitUp: String?
        /// The lowest price of the day; nil when it is not taken.
        public let limitDown: String?

        /// Whether any price is taken that a venue says of a day.
        public var hasDays: Bool { settlement != nil || limitUp != nil || limitDown != nil }
    }

    /// The connector.
    public let connector: String
    /// Its tool.
    public let tool: String
    /// What the tool is given; ``words`` may stand in braces.
    public let arguments: ArgumentTemplate
    /// How often it is asked while the desk is up.
    public let every: TimeLimit
    /// Where the rows are in an answer: names with points between them, of which `{symbol}` may be
    /// one; empty when the answer is the list itself.
    public let rows: String
    /// Where the parts of a bar are.
    public let fields: Fields

    /// The words that may stand in braces in arguments.
    public static let words = ["symbol", "from", "through"]

    private static let keys = ["connector", "tool", "arguments", "every", "rows", "fields"]

    /// Reads `fetch:` of a feed.
    static func read(
        _ reader: inout YAMLReader,
        connectors: [ConnectorConfiguration]
    ) -> FetchConfiguration? {
        let path = "market.feed.fetch."
        guard let feed = reader.root["market"]?["feed"], feed["fetch"] != nil,
            let node = reader.mapping("fetch", in: feed, path: "market.feed.")
        else { return nil }
        reader.allowOnly(keys, in: node, path: path)
        let known = connectors.map(\.name).joined(separator: ", ")
        let connector = reader.scalar(
            "connector",
            in: node,
            path: path,
            expected: known.isEmpty ? "a connector; there is none" : "one of \(known)"
        ) { name in connectors.contains { $0.name == name } ? name : nil }
        let tool = reader.string("tool", in: node, path: path)
        let arguments = reader.template("arguments", in: node, path: path, words: words)
        let every = reader.span(
            "every",
            in: node,
            path: path,
            default: TimeLimit(milliseconds: 900_000)
        )
        if every.milliseconds < 1000 {
            reader.report(line: node["every"]?.line, "\(path)every: at least 1s")
        }
        let rows = reader.fieldPath("rows", in: node, path: path, default: "")
        let fields = Self.fields(&reader, node)
        guard let connector, let tool, let arguments, let rows else { return nil }
        return FetchConfiguration(
            connector: connector,
            tool: tool,
            arguments: arguments,
            every: every,
            rows: rows,
            fields: fields
        )
    }

    private static func fields(_ reader: inout YAMLReader, _ node: YAMLNode) -> Fields {
        let path = "market.feed.fetch.fields."
        let names = ["time", "open", "high", "low", "close", "volume"]
        let given =
            node["fields"] == nil
            ? nil : reader.mapping("fields", in: node, path: "market.feed.fetch.")
        let ofDay = ["settlement", "limit_up", "limit_down"]
        if let given { reader.allowOnly(names + ofDay, in: given, path: path) }
        let found = names.map { name -> String in
            guard let given else { return name }
            return reader.fieldPath(name, in: given, path: path, default: name) ?? name
        }
        let foundOfDay = ofDay.map { name -> String? in
            guard let given, given[name] != nil else { return nil }
            return reader.fieldPath(name, in: given, path: path)
        }
        return Fields(
            time: found[0],
            open: found[1],
            high: found[2],
            low: found[3],
            close: found[4],
            volume: found[5],
            settlement: foundOfDay[0],
            limitUp: foundOfDay[1],
            limitDown: foundOfDay[2]
        )
    }
}
