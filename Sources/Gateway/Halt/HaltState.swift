// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Trading

/// How the kill switch stands.
public struct HaltState: Sendable, Hashable {
    /// Whether the desk is halted.
    public var isHalted = false
    /// Who halted it.
    public var source = HaltSource.person
    /// Why, for people.
    public var reason = ""
    /// Whether everything is closed at once.
    public var flatten = false
    /// Where in desk time it was halted; nil while the gateway has no place yet.
    public var stamp: Stamp?
    /// The session at which everything is closed.
    public var session: Instant?
    /// Whether everything has been done that the halt asks for.
    public var isDone = false
    /// The open lots after that.
    public var lots = 0
    /// The request that was handled last.
    public var handled = 0
    /// The gateway's process.
    public var processID = 0

    /// The state of a desk that trades.
    public init() {}

    /// A desk whose latch cannot be read is halted.
    static let damaged: HaltState = {
        var state = HaltState()
        state.isHalted = true
        state.source = .damage
        state.reason = "the latch of the kill switch cannot be read"
        return state
    }()

    /// The state for people, as one clause.
    public var text: String {
        guard isHalted else { return "trading" }
        let what = isDone ? "\(lots) open lots" : "not carried out yet"
        return "halted (\(source.rawValue)): \(reason); \(what)"
    }

    init?(_ json: JSON) {
        guard let isHalted = json["halted"]?.boolValue,
            let source = json["source"]?.stringValue.flatMap({ HaltSource(rawValue: $0) }),
            let reason = json["reason"]?.stringValue, let flatten = json["flatten"]?.boolValue,
            let isDone = json["done"]?.boolValue, let lots = json["lots"]?.intValue,
            let handled = json["handled"]?.intValue, let processID = json["process"]?.intValue
        else { return nil }
        self.isHalted = isHalted
        self.source = source
        self.reason = reason
        self.flatten = flatten
        self.isDone = isDone
        self.lots = lots
        self.handled = handled
        self.processID = processID
        if let time = json["time"]?.stringValue.flatMap({ Instant($0) }),
            let round = json["round"]?.intValue
        {
            stamp = Stamp(time: time, round: round)
        }
        session = json["session"]?.intValue.map { Instant(nanosecondsSinceEpoch: Int64($0)) }
    }

    /// The state for programs.
    public var json: JSON {
        [
            "halted": .bool(isHalted), "source": .string(source.rawValue),
            "reason": .string(reason), "flatten": .bool(flatten), "done": .bool(isDone),
            "lots": .int(Int64(lots)), "handled": .int(Int64(handled)),
            "process": .int(Int64(processID)),
            "time": stamp.map { .string($0.time.description) } ?? .null,
            "round": stamp.map { .int(Int64($0.round)) } ?? .null,
            "session": session.map { .int($0.nanosecondsSinceEpoch) } ?? .null,
        ]
    }
}
