// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// One agent's process: started when first needed, asked for turns, killed when it fails.
final class AgentProcess {
    /// The number under which a child finds its connection to the gateway.
    static let gatewayDescriptor: Int32 = 3

    let agent: AgentConfiguration
    private(set) var child: Child?
    /// Which life of the gateway the child's connection leads to.
    private(set) var gatewayGeneration = 0
    private var requests = 0
    private var home: AgentHome?
    private var egress: (any AnyObject & Sendable)?
    /// Whether the process has announced that it sends beats.
    private(set) var announcesBeats = false

    init(agent: AgentConfiguration) {
        self.agent = agent
    }

    /// Starts the process and sends its context; a process that runs already is left alone.
    /// - Returns: The number of the start request, if one was sent.
    func start(
        _ command: ChildCommand,
        context: AgentContext,
        gatewayGeneration generation: Int,
        clock: any MonotonicClock,
        until deadline: MonotonicInstant
    ) throws(ProcessError) {
        guard child == nil else { return }
        let started = try Child.start(command, clock: clock)
        child = started
        gatewayGeneration = generation
        requests += 1
        let line = TurnContract.request(
            id: requests,
            method: TurnContract.startMethod,
            parameters: context.json
        )
        try started.send(line: line, until: deadline)
        startRequest = requests
    }

    /// The number of the start request that has not been answered yet.
    private(set) var startRequest: Int?

    /// Sends a request for a turn.
    func send(_ run: TurnContract.Run, until deadline: MonotonicInstant) throws(ProcessError) {
        requests += 1
        let line = TurnContract.request(
            id: requests,
            method: TurnContract.runMethod,
            parameters: run.json
        )
        try child?.send(line: line, until: deadline)
    }

    /// Reads a line: the answer to a turn, nil for the answer to the start and for notifications.
    func read(answer line: [UInt8]) throws(DeskError) -> TurnAnswer? {
        guard TurnContract.notification(of: line) == nil else { return nil }
        let expected = startRequest ?? requests
        let result = try TurnContract.result(of: line, id: expected, from: agent.name.description)
        if startRequest != nil {
            startRequest = nil
            announcesBeats = result[TurnContract.beatsMember]?.boolValue ?? false
            return nil
        }
        return try TurnAnswer(result, from: agent.name.description)
    }

    /// Lets go of a process that has ended since its last answer, so that a new one is started.
    func forgetIfEnded() {
        if let child, child.exitStatus != .running { kill() }
    }

    /// Notes where a process in a sandbox was started, and keeps what serves its network.
    func settle(in home: AgentHome?, egress: (any AnyObject & Sendable)?) {
        self.home = home
        self.egress = egress
    }

    /// Ends a process whose sandbox is tied to files that are no longer the agent's.
    func forgetIfMoved(_ now: AgentHome) {
        if let home, home != now { kill() }
    }

    /// Ends the process at once, with everything it started.
    func kill() {
        // A child that cannot be reaped is stuck in the kernel; the next start reports its trouble.
        _ = try? child?.terminate(steps: [])
        forget()
    }

    /// Ends the process gently.
    func stop() {
        // As for kill.
        _ = try? child?.terminate()
        forget()
    }

    private func forget() {
        child = nil
        startRequest = nil
        announcesBeats = false
        home = nil
        egress = nil
    }
}
