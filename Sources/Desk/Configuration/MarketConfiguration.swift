// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Where bars and events come from, and how much of the past is sealed.
public struct MarketConfiguration: Sendable, Hashable {
    /// A source of bars.
    public enum Feed: Sendable, Hashable {
        /// A file of bars; the path is relative to the desk.
        case csv(path: String)
        /// A simulated market with a seed and a planted edge; 0 plants none.
        case simulated(seed: UInt64, edge: Double)
    }

    /// The source of bars.
    public let feed: Feed
    /// The simulated instruments beside those of the feed, whose edge is known; nil for none.
    public let control: ControlConfiguration?
    /// The instruments, in the order of the file, those of ``control`` last.
    public let symbols: [String]
    /// The sector of each instrument that has one, sorted by instrument.
    public let sectors: [JSON.Member]
    /// The second of the UTC day at which a daily bar is known.
    public let sessionClose: Int
    /// The years before now that the research view leaves out, but for the last bars.
    public let sealedYears: Int
    /// The last bars of each instrument that a researcher is shown for today's intents.
    public let recentBars: Int
    /// The file of central-bank dates, relative to the desk, if there is one.
    public let fomcPath: String?
    /// The file of earnings dates, relative to the desk, if there is one.
    public let earningsPath: String?

    init(_ reader: inout YAMLReader) {
        let path = "market."
        let node = reader.section(
            "market",
            allowing: [
                "feed", "symbols", "control", "sectors", "session_close", "sealed_years",
                "recent_bars", "fomc", "earnings",
            ],
            isNeeded: true
        )
        feed = Self.readFeed(&reader, node)
        let traded = reader.list(
            "symbols",
            in: node,
            path: path,
            expected: "a symbol such as MSFT, in capitals"
        ) { Self.isSymbol($0) ? $0 : nil }
        if node["symbols"]?.elements?.isEmpty ?? (node["symbols"] == nil) {
            reader.report(line: node.line, "market.symbols: missing; give at least one symbol")
        }
        control = node["control"] == nil ? nil : ControlConfiguration(&reader, node, traded)
        symbols = traded + (control?.symbols ?? [])
        sectors = Self.readSectors(&reader, node, symbols: symbols)
        sessionClose =
            reader.scalar(
                "session_close",
                in: node,
                path: path,
                expected: "a UTC time such as \"21:00\"",
                default: 75_600
            ) { Self.second(of: $0) } ?? 75_600
        sealedYears = reader.int("sealed_years", in: node, path: path, range: 0...50, default: 2)
        recentBars = reader.int(
            "recent_bars",
            in: node,
            path: path,
            range: 2...100_000,
            default: 120
        )
        fomcPath = Self.optionalPath("fomc", &reader, node)
        earningsPath = Self.optionalPath("earnings", &reader, node)
    }

    /// The sector of an instrument; nil when the file gives none.
    public func sector(of symbol: String) -> String? {
        sectors.first { $0.name == symbol }?.value.stringValue
    }

    private static func optionalPath(
        _ name: String,
        _ reader: inout YAMLReader,
        _ node: YAMLNode
    ) -> String? {
        let path = reader.scalar(
            name,
            in: node,
            path: "market.",
            expected: "a path",
            default: "",
            { $0 }
        )
        return path.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func readFeed(_ reader: inout YAMLReader, _ node: YAMLNode) -> Feed {
        let path = "market.feed."
        guard let feed = reader.mapping("feed", in: node, path: "market.") else {
            return .csv(path: "")
        }
        let kind = reader.scalar(
            "kind",
            in: feed,
            path: path,
            expected: "csv or sim",
            { ["csv", "sim"].contains($0) ? $0 : nil }
        )
        guard kind == "sim" else {
            reader.allowOnly(["kind", "path", "fetch"], in: feed, path: path)
            return .csv(path: reader.string("path", in: feed, path: path) ?? "")
        }
        reader.allowOnly(["kind", "seed", "edge"], in: feed, path: path)
        let simulation = reader.simulation(in: feed, path: path)
        return .simulated(seed: simulation.seed, edge: simulation.edge)
    }

    private static func readSectors(
        _ reader: inout YAMLReader,
        _ node: YAMLNode,
        symbols: [String]
    ) -> [JSON.Member] {
        guard node["sectors"] != nil,
            let map = reader.mapping("sectors", in: node, path: "market.")
        else { return [] }
        var sectors: [JSON.Member] = []
        for member in map.members ?? [] {
            guard symbols.contains(member.name) else {
                reader.report(
                    line: member.line,
                    "market.sectors.\(member.name): not one of market.symbols"
                )
                continue
            }
            guard let sector = reader.string(member.name, in: map, path: "market.sectors.") else {
                continue
            }
            sectors.append(.init(member.name, .string(sector)))
        }
        return sectors.sorted { $0.name < $1.name }
    }

    static func isSymbol(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                    || [0x2E, 0x2D, 0x5F].contains($0)
            } || isContract(text)
    }

    /// Whether a text is one or two small letters and four digits, as `rb2501`.
    private static func isContract(_ text: String) -> Bool {
        let letters = text.utf8.prefix { (0x61...0x7A).contains($0) }.count
        return (1...2).contains(letters) && text.utf8.count == letters + 4
            && text.utf8.dropFirst(letters).allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func second(of text: String) -> Int? {
        Instant("1970-01-01T\(text):00Z").map { Int($0.secondsSinceEpoch) }
    }
}
