// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Logging
import Processes

/// Begins turns: brings the gateway and the agent's process up where needed, and asks.
struct TurnStarter {
    let desk: OpenDesk
    let gateway: GatewayProcess
    let surroundings: Surroundings
    let inspector: TurnInspector
    /// Whether the desk runs in the present.
    var isLive = false

    /// How often agents of a live desk say that they live.
    var heartbeat: Duration {
        .milliseconds(desk.configuration.supervision.heartbeat?.milliseconds ?? 0)
    }

    /// The time by which a turn that begins now has to be answered, whoever's it is.
    var deadline: MonotonicInstant { deadline(in: desk.configuration.supervision.turnTimeout) }

    /// The time by which a turn of an agent that begins now has to be answered.
    func deadline(for agent: AgentConfiguration) -> MonotonicInstant {
        deadline(in: agent.program?.timeout ?? desk.configuration.supervision.turnTimeout)
    }

    private func deadline(in time: TimeLimit) -> MonotonicInstant {
        surroundings.clock.deadline(in: .milliseconds(time.milliseconds))
    }

    /// Ends what was started for one turn, and forgets all that it kept for itself.
    func finish(_ process: AgentProcess) {
        guard process.agent.isStartedEachTurn else { return }
        process.kill()
        ProgramHome(process.agent, in: desk.folder)?.clear(surroundings.logger)
    }

    /// Delivers the inbox and asks for the turn.
    func begin(
        _ plan: TurnPlan,
        on process: AgentProcess,
        until deadline: MonotonicInstant
    ) throws -> RunningTurn {
        try RunningTurn(
            plan,
            process,
            inspector: inspector,
            services: surroundings.services,
            clock: surroundings.clock,
            until: deadline
        ) {
            if plan.agent.role.usesGateway {
                try meetGateway(process, time: plan.time, round: plan.round)
                try handInVerdicts(of: plan)
            }
            try start(process, until: deadline)
            try process.send(
                TurnContract.Run(turn: plan.turn, time: plan.time),
                until: deadline
            )
        }
    }

    /// Starts an agent's process unless it runs already.
    func start(_ process: AgentProcess, until deadline: MonotonicInstant) throws {
        process.forgetIfEnded()
        process.forgetIfMoved(AgentHome(process.agent.name, in: desk.folder))
        guard process.child == nil else { return }
        let agent = process.agent
        let isClient = agent.role.usesGateway
        let socket = isClient ? try gateway.connect(role: agent.role.rawValue) : nil
        let launch = try surroundings.launcher.launch(
            agent,
            desk: desk,
            gateway: socket?.descriptor.number
        )
        try process.start(
            launch.command,
            context: desk.context(
                for: agent,
                isLive: isLive,
                heartbeat: isLive ? heartbeat : .zero
            ),
            gatewayGeneration: gateway.generation,
            clock: surroundings.clock,
            until: deadline
        )
        process.settle(
            in: launch.level == .none ? nil : AgentHome(agent.name, in: desk.folder),
            egress: try launch.serve(
                agent,
                by: surroundings.launcher.egress,
                desk: desk.folder,
                clock: surroundings.clock,
                until: deadline
            )
        )
        surroundings.logger.debug(
            "agent started",
            metadata: ["agent": "\(agent.name)", "pid": "\(process.child?.processID ?? 0)"]
        )
    }

    /// Tells the gateway where its clients stand.
    ///
    /// Asking first brings a dead gateway back, and its clients must be connected anew.
    private func meetGateway(_ process: AgentProcess, time: Instant, round: Int) throws {
        _ = try gateway.ask(
            "round/begin",
            ["time": .string(time.description), "round": .int(Int64(round))]
        )
        if process.gatewayGeneration != gateway.generation { process.kill() }
    }
}
