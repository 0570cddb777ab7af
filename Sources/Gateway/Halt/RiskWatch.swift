// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// Whether the agent that watches the risk is there.
///
/// It is while one of its connections is open and none of the beats that it has begun to send is
/// overdue. Without it nothing new is entered; when it stays away, the desk is halted.
public struct RiskWatch: Sendable {
    /// The longest silence of a connection that has begun to beat.
    public static let silence: Duration = .milliseconds(1_500)
    /// The longest absence until the desk is halted.
    public static let absence: Duration = .seconds(60)

    private var lastBeats: [Int: MonotonicInstant?] = [:]
    private var awaySince: MonotonicInstant?

    /// Begins to watch; the agent has yet to come.
    public init(at now: MonotonicInstant) {
        awaySince = now
    }

    /// Takes note that the agent has connected.
    public mutating func arrived(_ connection: Int) {
        lastBeats[connection] = .some(nil)
        awaySince = nil
    }

    /// Takes note of a sign of life.
    public mutating func beat(_ connection: Int, at now: MonotonicInstant) {
        guard lastBeats[connection] != nil else { return }
        lastBeats[connection] = .some(now)
        awaySince = nil
    }

    /// Takes note that a connection has ended.
    public mutating func left(_ connection: Int, at now: MonotonicInstant) {
        lastBeats[connection] = nil
        if lastBeats.isEmpty, awaySince == nil { awaySince = now }
    }

    /// Whether the agent is there.
    public func isPresent(at now: MonotonicInstant) -> Bool {
        lastBeats.values.contains { last in
            guard let last else { return true }
            return now <= last.advanced(by: Self.silence)
        }
    }

    /// Whether the agent has been away for so long that the desk has to be halted.
    public mutating func isGone(at now: MonotonicInstant) -> Bool {
        guard !isPresent(at: now) else {
            awaySince = nil
            return false
        }
        let since = awaySince ?? now
        awaySince = since
        return now > since.advanced(by: Self.absence)
    }
}
