// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The numbers and names that tune a role, checked against a table and with defaults filled in.
public struct RoleSettings: Sendable, Hashable {
    /// One setting that a role knows.
    struct Definition {
        let name: String
        let kind: Kind
        let meaning: String
    }

    enum Kind {
        case int(ClosedRange<Int>, default: Int)
        case names(allowed: [String], default: [String]? = nil)
    }

    /// The values by name, sorted by name; every setting of the role is there.
    public let values: JSON

    /// The hypothesis families that a researcher can be told to work through.
    public static let families = [
        "regression", "reversion", "trend", "breakout", "pullback", "turn-of-month", "momentum",
        "year-high", "calm",
    ]

    static func definitions(for role: Role) -> [Definition] {
        switch role {
        case .researcher:
            [
                answers,
                .init(
                    name: "budget",
                    kind: .int(0...1000, default: 6),
                    meaning: "hypotheses proposed at each research date"
                ),
                .init(
                    name: "cadence",
                    kind: .int(1...10_000, default: 21),
                    meaning: "bars between two research dates"
                ),
                .init(
                    name: "decides",
                    kind: .names(allowed: ["proposals", "entries"], default: ["proposals"]),
                    meaning: "what its model decides, if it has one"
                ),
                .init(
                    name: "families",
                    kind: .names(allowed: families),
                    meaning: "hypothesis families, worked through in this order"
                ),
            ]
        case .verifier:
            [
                answers,
                .init(
                    name: "term_days",
                    kind: .int(1...36_500, default: 365),
                    meaning: "days for which a passed strategy may trade before it must pass again"
                ),
                .init(
                    name: "window",
                    kind: .int(20...100_000, default: 504),
                    meaning: "sessions of the out-of-sample window"
                ),
            ]
        case .risk:
            [
                .init(
                    name: "report_every",
                    kind: .int(1...10_000, default: 21),
                    meaning: "turns between two risk signals while nothing changes"
                )
            ]
        case .ingestor:
            [
                .init(
                    name: "gap_days",
                    kind: .int(1...10_000, default: 7),
                    meaning: "calendar days without a bar after which a gap is noted"
                )
            ]
        case .backtester, .executor: []
        }
    }

    private static let answers = Definition(
        name: "answers",
        kind: .int(1...100, default: 12),
        meaning: "answers of its model for one task, those that want tools included"
    )

    init(_ reader: inout YAMLReader, role: Role, node: YAMLNode?, path: String) {
        let definitions = Self.definitions(for: role)
        if let node { reader.allowOnly(definitions.map(\.name), in: node, path: path) }
        var members: [JSON.Member] = []
        for definition in definitions {
            members.append(.init(definition.name, definition.read(&reader, node, path)))
        }
        values = JSON.object(members).canonical
    }
}

extension RoleSettings.Definition {
    fileprivate func read(_ reader: inout YAMLReader, _ node: YAMLNode?, _ path: String) -> JSON {
        switch kind {
        case .int(let range, let fallback):
            guard let node else { return .int(Int64(fallback)) }
            return .int(
                Int64(reader.int(name, in: node, path: path, range: range, default: fallback))
            )
        case .names(let allowed, let usual):
            guard let node, node[name] != nil else {
                return .array((usual ?? allowed).map { .string($0) })
            }
            let names = reader.list(
                name,
                in: node,
                path: path,
                expected: "one of \(allowed.joined(separator: ", "))"
            ) { allowed.contains($0) ? $0 : nil }
            return .array(names.map { .string($0) })
        }
    }
}
