// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import MCP

/// Looks whether the tools that the desk itself calls can be called: the broker's, the feed's and
/// those of alerts.
///
/// It asks no server. What a server has is known from the definitions that were accepted.
struct ConnectorCheck: ExaminationCheck {
    /// Tools of one connector, and what needs them.
    struct Use {
        /// Where it is written, such as `broker`.
        let place: String
        let connector: String
        let tools: [String]
    }

    let scene: ExaminedDesk

    var name: String { "connectors" }

    private var desk: DeskConfiguration { scene.desk.configuration }

    func look() throws -> ExaminationResult {
        var uses = plainUses
        var findings: [Finding] = []
        if let broker = desk.broker {
            do {
                let mapping = try broker.loadMapping(in: scene.desk.folder.root)
                uses.insert(Use(broker.connector, mapping), at: 0)
            } catch {
                findings.append(.mapping(broker, error))
            }
        }
        let pins = PinFolder(scene.desk.folder.connectors)
        for use in uses { findings += try look(use, pins) }
        let isPlain = !uses.isEmpty && findings.isEmpty
        let detail =
            "\(uses.map(\.place).joined(separator: ", ")) \(uses.count == 1 ? "has" : "have")"
            + " the tools that \(uses.count == 1 ? "it calls" : "they call")"
        return ExaminationResult(findings, detail: isPlain ? detail : nil)
    }

    /// The uses that are written in `orchestrator.yml` itself.
    private var plainUses: [Use] {
        let fetch = desk.fetch.map {
            Use(place: "market.feed.fetch", connector: $0.connector, tools: [$0.tool])
        }
        let alerts = desk.alerts.compactMap { alert -> Use? in
            guard case .tool(let connector, let tool, _) = alert.way else { return nil }
            return Use(place: "alerts.\(alert.name)", connector: connector, tools: [tool])
        }
        return (fetch.map { [$0] } ?? []) + alerts
    }

    private func look(_ use: Use, _ pins: PinFolder) throws -> [Finding] {
        // One that is not declared is a fault of the configuration, which has been read by now.
        guard let entry = desk.connectors.first(where: { $0.name == use.connector }) else {
            return []
        }
        let barred = use.tools.filter { entry.tools?.contains($0) == false }
        var findings = barred.isEmpty ? [] : [Finding.barred(use, barred)]
        guard let accepted = try pins.load(entry.name) else {
            return findings + [.unknown(use)]
        }
        let missing = use.tools.filter { !barred.contains($0) && accepted.hashes[$0] == nil }
        if !missing.isEmpty { findings.append(.missing(use, missing)) }
        return findings
    }
}

extension ConnectorCheck.Use {
    fileprivate init(_ connector: String, _ mapping: BrokerMapping) {
        self.init(place: "broker", connector: connector, tools: mapping.tools)
    }
}

extension Finding {
    fileprivate static func mapping(_ broker: BrokerConfiguration, _ error: any Error) -> Finding {
        Finding(
            .mappingUnusable,
            at: "broker",
            "the mapping \(broker.mapping) cannot be used: \(error)",
            remedy: "put the file right, or name a mapping that ships with the program"
        )
    }

    fileprivate static func barred(_ use: ConnectorCheck.Use, _ tools: [String]) -> Finding {
        Finding(
            .toolBarred,
            at: use.place,
            "connectors.\(use.connector).tools leaves out what it calls: "
                + tools.joined(separator: ", "),
            remedy: "add the names to that list, or take the list away"
        )
    }

    fileprivate static func missing(_ use: ConnectorCheck.Use, _ tools: [String]) -> Finding {
        Finding(
            .toolMissing,
            at: use.place,
            "nothing was accepted of \(use.connector) by the name of "
                + tools.joined(separator: ", "),
            remedy: "look at what it has with: loopdesk connectors check \(use.connector)"
        )
    }

    fileprivate static func unknown(_ use: ConnectorCheck.Use) -> Finding {
        Finding(
            .connectorUnknown,
            at: use.place,
            "nothing was accepted of \(use.connector) yet, so nobody knows its tools",
            remedy: "look at it before the desk does: loopdesk connectors check \(use.connector)"
        )
    }
}
