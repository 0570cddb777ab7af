// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which deadline of a transfer comes next, decided from what it has told so far.
///
/// All times are spans since one arbitrary moment.
struct TransferWatch: Sendable {
    private enum Phase {
        case connecting
        case awaitingReply(since: Duration)
        case receiving(since: Duration)
        /// The caller has enough for now; nothing is expected of the other side.
        case paused
    }

    private let limits: HTTPLimits
    private let start: Duration
    private var phase = Phase.connecting

    init(_ limits: HTTPLimits, start: Duration) {
        self.limits = limits
        self.start = start
    }

    /// The connection stands and the request is about to be sent.
    mutating func connected(at now: Duration) {
        if case .connecting = phase { phase = .awaitingReply(since: now) }
    }

    /// Some of the reply has come.
    mutating func received(at now: Duration) {
        phase = .receiving(since: now)
    }

    mutating func paused() {
        phase = .paused
    }

    mutating func resumed(at now: Duration) {
        if case .paused = phase { phase = .receiving(since: now) }
    }

    /// The deadline that comes first.
    var next: Deadline {
        let whole = Deadline(start + limits.total, .totalTimedOut, limits.total)
        let part: Deadline
        switch phase {
        case .connecting:
            part = Deadline(start + limits.connect, .connectTimedOut, limits.connect)
        case .awaitingReply(let since):
            part = Deadline(since + limits.firstByte, .firstByteTimedOut, limits.firstByte)
        case .receiving(let since):
            part = Deadline(since + limits.idle, .idleTimedOut, limits.idle)
        case .paused: return whole
        }
        return part.moment < whole.moment ? part : whole
    }
}

extension TransferWatch {
    /// A moment, and what has gone wrong when it passes.
    struct Deadline: Sendable {
        let moment: Duration
        let code: HTTPError.Code
        private let limit: Duration

        fileprivate init(_ moment: Duration, _ code: HTTPError.Code, _ limit: Duration) {
            self.moment = moment
            self.code = code
            self.limit = limit
        }

        /// In words; made only when they are needed, as the thread looks at deadlines often.
        var reason: String {
            switch code {
            case .connectTimedOut: "no connection within \(limit)"
            case .firstByteTimedOut: "no reply within \(limit)"
            case .idleTimedOut: "nothing more of the reply within \(limit)"
            default: "it took longer than \(limit) in all"
            }
        }
    }
}
