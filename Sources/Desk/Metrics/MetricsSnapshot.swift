// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a desk counts and measures, as it stood when the supervisor last looked.
public struct MetricsSnapshot: Sendable {
    /// An agent and how a turn of it ended.
    public struct Outcome: Sendable, Hashable {
        /// The agent.
        public let agent: AgentName
        /// How its turn ended, such as `committed`, `failed` or `parked`.
        public let name: String

        /// Creates the pair.
        public init(_ agent: AgentName, _ name: String) {
            self.agent = agent
            self.name = name
        }
    }

    /// A kind of page and the status it was answered with.
    public struct Answer: Sendable, Hashable {
        /// `hooks`, `metrics`, `healthz` or `other`.
        public let page: String
        /// The HTTP status.
        public let status: Int

        /// Creates the pair.
        public init(page: String, status: Int) {
            self.page = page
            self.status = status
        }
    }

    /// Whether the desk is well.
    public enum Health: String, Sendable, CaseIterable {
        /// It starts and takes in what it missed.
        case starting
        /// It runs.
        case running
        /// It runs, and a part of it does not work.
        case degraded
        /// It is about to stop.
        case stopping
    }

    /// Whether the desk is well.
    public var health = Health.starting
    /// Attempts at turns that ended, by agent and outcome.
    public var turns: [Outcome: Int] = [:]
    /// Seconds from the start of a turn to its commit, by agent.
    public var turnSeconds: [AgentName: Histogram] = [:]
    /// What each agent is doing, such as `resting`, `running`, `waiting` or `quarantined`.
    public var agentStates: [AgentName: String] = [:]
    /// Times that an agent's process was started again.
    public var restarts: [AgentName: Int] = [:]
    /// Signals that wait for a reader.
    public var mailWaiting: [AgentName: Int] = [:]
    /// Requests for turns that wait in the spool.
    public var triggersWaiting = 0
    /// Commits made since the start.
    public var commits = 0
    /// Seconds that publications took.
    public var publishSeconds = Histogram()
    /// Bytes of commits that wait for publication.
    public var journalBytes = 0
    /// Whether the ledger accepts no orders.
    public var isHalted = false
    /// Events that could not be written.
    public var eventsDropped = 0
    /// Memory of the supervisor.
    public var residentBytes = 0
    /// Seconds since the start.
    public var upSeconds = 0.0
    /// Requests that the endpoint answered.
    public var answers: [Answer: Int] = [:]

    /// Creates the snapshot of a desk that has done nothing yet.
    public init() {}

    /// Counts a turn that ended; a committed one is also timed.
    public mutating func countTurn(of agent: AgentName, _ outcome: String, seconds: Double? = nil) {
        turns[Outcome(agent, outcome), default: 0] += 1
        if let seconds { turnSeconds[agent, default: Histogram()].observe(seconds) }
    }
}
