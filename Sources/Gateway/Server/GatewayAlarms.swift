// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Processes
import Trading

/// What a gateway listens to besides its clients: the folder of the kill switch, a signal, and
/// whether the risk agent is there.
public final class GatewayAlarms {
    let doorbell: Doorbell?
    let signal: SignalBell?
    let clock: any MonotonicClock
    private(set) var watch: RiskWatch?

    /// Gathers alarms.
    /// - Parameters:
    ///   - doorbell: Rings in the folder of the latch.
    ///   - signal: Rings for the signal that halts.
    ///   - clock: Steady time.
    ///   - needsRisk: Whether nothing is entered without the risk agent.
    public init(
        doorbell: Doorbell?,
        signal: SignalBell?,
        clock: any MonotonicClock,
        needsRisk: Bool
    ) {
        self.doorbell = doorbell
        self.signal = signal
        self.clock = clock
        watch = needsRisk ? RiskWatch(at: clock.now()) : nil
    }

    func arrived(_ client: Connection) {
        if client.role == .risk { watch?.arrived(client.number) }
    }

    func left(_ client: Connection) {
        if client.role == .risk { watch?.left(client.number, at: clock.now()) }
    }

    /// Takes a sign of life; false when the line is something else.
    func takeBeat(_ line: [UInt8], _ client: Connection) -> Bool {
        guard client.role == .risk, line == GatewayMethod.beat else { return false }
        watch?.beat(client.number, at: clock.now())
        return true
    }

    /// Whether the risk agent is away, and whether it has been for too long.
    func lookForRisk() -> (isAway: Bool, isGone: Bool) {
        guard var known = watch else { return (false, false) }
        let now = clock.now()
        defer { watch = known }
        return (!known.isPresent(at: now), known.isGone(at: now))
    }
}
