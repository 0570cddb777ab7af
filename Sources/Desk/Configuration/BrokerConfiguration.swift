// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The broker through which a live desk trades, as `broker:` says.
public struct BrokerConfiguration: Sendable, Hashable {
    /// The connector whose tools reach it.
    public let connector: String
    /// The mapping: the name of one that ships with the program, or a file of the desk's.
    public let mapping: String
    /// Whether real money may be traded.
    public let isLive: Bool
    /// The most that may be held by trades that somebody made by hand, in units.
    public let externalLimit: Decimal8

    /// Reads `broker:`; nil when it is absent or wrong.
    static func read(
        _ reader: inout YAMLReader,
        connectors: [ConnectorConfiguration]
    ) -> BrokerConfiguration? {
        guard reader.root["broker"] != nil,
            let node = reader.mapping("broker", in: reader.root)
        else { return nil }
        reader.allowOnly(
            ["connector", "mapping", "live", "external_limit"],
            in: node,
            path: "broker."
        )
        let known = connectors.map(\.name).joined(separator: ", ")
        let connector = reader.scalar(
            "connector",
            in: node,
            path: "broker.",
            expected: known.isEmpty ? "a connector; there is none" : "one of \(known)"
        ) { name in connectors.contains { $0.name == name } ? name : nil }
        let builtIn = BrokerMapping.builtIn.keys.sorted().joined(separator: ", ")
        let mapping = reader.scalar(
            "mapping",
            in: node,
            path: "broker.",
            expected: "\(builtIn), or a file of the desk that ends in .yml"
        ) { isMapping($0) ? $0 : nil }
        let isLive = reader.scalar(
            "live",
            in: node,
            path: "broker.",
            expected: "true or false",
            default: false
        ) { Bool($0) }
        let limit = reader.scalar(
            "external_limit",
            in: node,
            path: "broker.",
            expected: "units from 0 to 1000000000",
            default: Decimal8.zero
        ) { Decimal8($0).flatMap { !$0.isNegative && $0 <= Decimal8(1_000_000_000) ? $0 : nil } }
        guard let connector, let mapping, let isLive, let limit else { return nil }
        return BrokerConfiguration(
            connector: connector,
            mapping: mapping,
            isLive: isLive,
            externalLimit: limit
        )
    }

    /// Checks that no agent can speak to the broker past the gateway.
    static func checkUse(
        _ reader: inout YAMLReader,
        _ agents: [AgentConfiguration],
        _ broker: BrokerConfiguration?
    ) {
        guard let broker else { return }
        for agent in agents where agent.connectors.contains(broker.connector) {
            reader.report(
                line: reader.root["agents"]?[agent.name.description]?["connectors"]?.line,
                "agents.\(agent.name).connectors: '\(broker.connector)' is the broker's, and orders"
                    + " go through the gateway only; declare a second connector without its tools"
            )
        }
    }

    private static func isMapping(_ text: String) -> Bool {
        if BrokerMapping.builtIn[text] != nil { return true }
        let steps = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.hasSuffix(".yml") && !text.utf8.contains(0)
            && !steps.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }

    /// Loads the mapping.
    /// - Parameter folder: The desk's top folder.
    /// - Returns: The mapping, which can tell play money from real unless that does not matter.
    /// - Throws: A `FileError` or a ``DeskError`` that says what is wrong where.
    public func loadMapping(in folder: Folder) throws -> BrokerMapping {
        let text: String
        if let known = BrokerMapping.builtIn[mapping] {
            text = known
        } else {
            let bytes = try folder.read(mapping, limitBytes: BrokerMapping.limitBytes)
            text = String(decoding: bytes, as: UTF8.self)
        }
        let read = try BrokerMapping(parsing: text, file: mapping)
        guard isLive || read.account.playPrefix != nil else {
            throw DeskError(
                code: .configuration,
                file: mapping,
                message: "account.play_prefix: missing; without it nobody can tell play money"
                    + " from real, and broker.live is not true"
            )
        }
        return read
    }
}
