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

    /// The deadline that comes first, and what has gone wrong when it passes.
    var next: (moment: Duration, code: HTTPError.Code, reason: String) {
        let whole = (
            start + limits.total, HTTPError.Code.totalTimedOut,
            "it took longer than \(limits.total) in all"
        )
        let part: (Duration, HTTPError.Code, String)
        switch phase {
        case .connecting:
            part = (
                start + limits.connect, .connectTimedOut,
                "no connection within \(limits.connect)"
            )
        case .awaitingReply(let since):
            part = (
                since + limits.firstByte, .firstByteTimedOut,
                "no reply within \(limits.firstByte)"
            )
        case .receiving(let since):
            part = (
                since + limits.idle, .idleTimedOut,
                "nothing more of the reply within \(limits.idle)"
            )
        case .paused: return whole
        }
        return part.0 < whole.0 ? part : whole
    }
}
