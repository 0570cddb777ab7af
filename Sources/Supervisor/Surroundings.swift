// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk
public import Logging
public import Processes

/// The live parts that a supervisor is given: time, signals, programs, a place for messages.
public struct Surroundings: Sendable {
    /// The clock behind deadlines and waits.
    public let clock: any MonotonicClock
    /// A descriptor that becomes readable when a person asks to stop.
    public let wake: Int32?
    /// How agents are started.
    public let launcher: AgentLauncher
    /// Where the supervisor reports what it does.
    public let logger: Logger
    /// What agents may ask for in their turns; nil when nothing is served.
    public let services: AgentServices?
    /// Reads strategies; without it none can be read, and nothing that is judged passes.
    public let strategies: any StrategyReader
    /// Tells whether the desk at its path is still the one that is run; nil where nobody can tell.
    public let claim: DeskClaim?

    /// Bundles the parts.
    public init(
        clock: any MonotonicClock,
        wake: Int32?,
        launcher: AgentLauncher,
        logger: Logger,
        services: AgentServices? = nil,
        strategies: any StrategyReader = UnreadStrategies(),
        claim: DeskClaim? = nil
    ) {
        self.clock = clock
        self.wake = wake
        self.launcher = launcher
        self.logger = logger
        self.services = services
        self.strategies = strategies
        self.claim = claim
    }
}
