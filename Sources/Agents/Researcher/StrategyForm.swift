// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// One published trading rule with one choice of its numbers.
struct StrategyForm {
    let name: String
    let side: String
    let parameters: [(String, JSON)]
    let features: [(String, String)]
    let enter: String
    let exit: String
    let hold: Int?
    /// Whether it is about all instruments together, and not about each alone.
    let isBroad: Bool

    init(
        _ name: String,
        side: String = "long",
        parameters: [(String, JSON)],
        features: [(String, String)] = [],
        enter: String,
        exit: String,
        hold: Int? = nil,
        isBroad: Bool = false
    ) {
        self.name = name
        self.side = side
        self.parameters = parameters
        self.features = features
        self.enter = enter
        self.exit = exit
        self.hold = hold
        self.isBroad = isBroad
    }

    /// The strategy file for a universe.
    func strategy(family: String, universe: [String], size: Double) -> JSON {
        let market = universe.count == 1 ? universe[0].lowercased() : "all"
        var members: [JSON.Member] = [
            .init("schema", 1),
            .init("name", .string("\(name)-\(market)")),
            .init("family", .string(family)),
            .init("universe", .array(universe.map { .string($0) })),
            .init("side", .string(side)),
            .init("parameters", .object(parameters.map { .init($0.0, $0.1) })),
            .init("features", .object(features.map { .init($0.0, .string($0.1)) })),
            .init("enter", .string(enter)),
            .init("exit", .string(exit)),
            .init("size", .double(size)),
        ]
        if let hold { members.append(.init("hold", .int(Int64(hold)))) }
        return .object(members)
    }
}
