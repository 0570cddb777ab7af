// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What started a turn of a live desk; the trailer `Trigger:` of its commit says it.
public enum TurnTrigger: Sendable, Hashable, CustomStringConvertible {
    /// A schedule fired; the instant is the scheduled one, however late the turn began.
    case schedule(Schedule.Kind, Instant)
    /// Signals of other agents arrived.
    case mail
    /// A webhook was called.
    case webhook(TriggerID)
    /// A person asked for it.
    case person(TriggerID)
    /// A goal has not been reached yet.
    case goal(TriggerID)
    /// The desk started.
    case start

    /// The text of the trailer, such as `cron 2026-11-20T14:30:00Z`.
    public var description: String {
        switch self {
        case .schedule(let kind, let time): "\(kind.rawValue) \(time)"
        case .mail: "mail"
        case .webhook(let id): "webhook \(id)"
        case .person(let id): "person \(id)"
        case .goal(let id): "goal \(id)"
        case .start: "start"
        }
    }

    /// Reads the text of a trailer; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.count, words[0]) {
        case (1, "mail"): self = .mail
        case (1, "start"): self = .start
        case (2, let word):
            if let kind = Schedule.Kind(rawValue: word) {
                guard let time = Instant(words[1]), time.description == words[1] else {
                    return nil
                }
                self = .schedule(kind, time)
                return
            }
            guard let id = TriggerID(words[1]) else { return nil }
            switch word {
            case "webhook": self = .webhook(id)
            case "person": self = .person(id)
            case "goal": self = .goal(id)
            default: return nil
            }
        default: return nil
        }
    }
}
