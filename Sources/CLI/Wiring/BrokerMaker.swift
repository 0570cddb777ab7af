// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Gateway
import MCP

/// Makes the gateway's way to the broker out of what the desk says of it.
struct BrokerMaker {
    private let desk: DeskConfiguration
    private let folder: DeskFolder

    init(_ desk: DeskConfiguration, _ folder: DeskFolder) {
        self.desk = desk
        self.folder = folder
    }

    /// What the gateway is told of the broker; nil when the desk has none.
    /// - Parameter isLive: Whether there is a way to it, which only the present has.
    /// - Returns: The settings of the dispatcher and the way to it.
    /// - Throws: What is wrong with the mapping, or which secret is missing.
    func settings(isLive: Bool) throws -> BrokerSettings? {
        guard let broker = desk.broker else { return nil }
        let mapping = try broker.loadMapping(in: folder.root)
        let file = BrokerFile(folder)
        return BrokerSettings(
            link: isLive ? try link(broker, mapping) : nil,
            terms: BrokerTerms(
                longestID: mapping.longestID,
                wholeQuantities: mapping.wholeQuantities,
                priceStep: mapping.priceStep,
                hasLimits: mapping.limit != nil
            ),
            rules: .broker(uniqueIDs: mapping.hasUniqueIDs),
            externalLimit: broker.externalLimit,
            tell: { file.replace($0) }
        )
    }

    private func link(
        _ broker: BrokerConfiguration,
        _ mapping: BrokerMapping
    ) throws -> BrokerLink {
        guard let entry = desk.connectors.first(where: { $0.name == broker.connector }) else {
            throw Failure("there is no connector '\(broker.connector)'", .badData)
        }
        let connector = try ConnectorMaker(folder).make(entry)
        return try BrokerLink(
            BrokerVenue(mapping, ConnectorTools(connector), isLive: broker.isLive)
        )
    }
}
