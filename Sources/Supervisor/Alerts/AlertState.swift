// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// What one alert has told and what it is to tell next; a pure value that is kept as a file.
///
/// It goes through the numbered events of a desk. An event is behind it once it was told, or was
/// no occasion, or was one too many; so whatever happens meanwhile, each occasion is told at least
/// once, under the same id.
public struct AlertState: Sendable, Hashable {
    /// What is to be done about an event.
    public enum Decision: Sendable, Hashable {
        /// Nothing.
        case pass
        /// It is to be told; so many before it were too many to be told.
        case tell(leftOut: Int)
    }

    /// The number of the last event that is done with.
    public private(set) var number: Int
    /// When messages of the last hour were sent, oldest first.
    private var sent: [Instant] = []
    /// How many occasions were too many since the last message.
    private var leftOut = 0
    /// Whether the loss was told of and has not gone back since.
    private var isLow = false

    private static let hour: Int64 = 3_600_000_000_000

    /// Begins behind an event.
    public init(after number: Int) {
        self.number = number
    }

    /// Decides about the next event; when it is to be told, ``note(told:at:)`` follows.
    public mutating func decide(
        _ event: JSON,
        number: Int,
        for alert: AlertConfiguration,
        at now: Instant
    ) -> Decision {
        guard number > self.number else { return .pass }
        guard isOccasion(event, for: alert) else {
            self.number = number
            return .pass
        }
        sent.removeAll { now.nanosecondsSinceEpoch - $0.nanosecondsSinceEpoch >= Self.hour }
        guard sent.count < alert.perHour else {
            leftOut += 1
            self.number = number
            return .pass
        }
        return .tell(leftOut: leftOut)
    }

    /// Takes note that an event was told.
    public mutating func note(told number: Int, at now: Instant) {
        self.number = max(self.number, number)
        sent.append(now)
        leftOut = 0
    }

    /// Takes note of occasions that are not told because too many wait.
    public mutating func leaveOut(_ count: Int) { leftOut += count }

    /// Gives up on an event that nobody could be told of.
    public mutating func giveUp(on number: Int) {
        self.number = max(self.number, number)
        leftOut += 1
    }

    private mutating func isOccasion(_ event: JSON, for alert: AlertConfiguration) -> Bool {
        let name = event["event"]?.stringValue
        if let limit = alert.drawdown, name == AlertConfiguration.Occasion.drawdown.event {
            let isBelow = (event["drawdown"]?.doubleValue ?? 0) >= limit
            defer { isLow = isBelow }
            return isBelow && !isLow
        }
        return alert.occasions.contains { $0 != .drawdown && $0.event == name }
    }
}

extension AlertState {
    /// The state as a file holds it.
    public var json: JSON {
        [
            "number": .int(Int64(number)), "sent": .array(sent.map { .string($0.description) }),
            "left_out": .int(Int64(leftOut)), "low": .bool(isLow),
        ]
    }

    /// Reads a state; nil when it is none.
    public init?(_ json: JSON) {
        guard let number = json["number"]?.intValue, number >= 0,
            let leftOut = json["left_out"]?.intValue, leftOut >= 0,
            let isLow = json["low"]?.boolValue, let times = json["sent"]?.arrayValue
        else { return nil }
        self.number = number
        self.leftOut = leftOut
        self.isLow = isLow
        sent = times.compactMap { $0.stringValue.flatMap { Instant($0) } }
    }
}
