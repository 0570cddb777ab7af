// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One line of the trial ledger: a trial, another name of one, or a look.
public enum TrialLine: Sendable, Hashable {
    /// A hypothesis, or one at an earlier place than was known.
    case trial(Trial)
    /// The hash under which a maker wrote a hypothesis.
    case name(ContentHash, of: ContentHash)
    /// A look at sealed data.
    case look(Look)

    /// The line without its line feed, members in a fixed order.
    public var bytes: [UInt8] { json.compactBytes }

    private var json: JSON {
        switch self {
        case .trial(let trial):
            .object(
                [
                    .init("trial", .string(trial.id.description)),
                    .init("family", .string(trial.family)),
                    .init("count", .int(Int64(trial.count))),
                ] + trial.place.members
                    + [.init("origin", .string(trial.origin)), .init("strategy", trial.strategy)]
            )
        case .name(let name, let trial):
            ["name": .string(name.description), "of": .string(trial.description)]
        case .look(let look):
            .object(
                [
                    .init("look", .string(look.trial.description)),
                    .init("through", .string(look.through.description)),
                ] + look.place.members
            )
        }
    }

    /// Reads a line.
    /// - Throws: A ``JSONError`` that names the member.
    public init(_ bytes: [UInt8]) throws(JSONError) {
        let fields = try JSONFields(try JSON(parsing: bytes), path: "trial")
        if fields.optional("name") != nil {
            self = .name(try fields.hash("name"), of: try fields.hash("of"))
            return
        }
        let place = Trial.Place(
            time: try fields.optional("time") == nil ? nil : fields.instant("time"),
            round: try fields.int("round")
        )
        if fields.optional("look") != nil {
            guard let through = CalendarDate(try fields.string("through")) else {
                throw JSONError("trial.through: expected a date")
            }
            self = .look(Look(trial: try fields.hash("look"), through: through, place: place))
            return
        }
        let count = try fields.int("count")
        guard count > 0 else { throw JSONError("trial.count: expected at least 1") }
        self = .trial(
            Trial(
                id: try fields.hash("trial"),
                family: try fields.string("family"),
                strategy: fields.optional("strategy") ?? .null,
                place: place,
                origin: try fields.string("origin"),
                count: count
            )
        )
    }
}

extension Trial.Place {
    fileprivate var members: [JSON.Member] {
        [
            .init("time", time.map { .string($0.description) } ?? .null),
            .init("round", .int(Int64(round))),
        ]
    }
}
