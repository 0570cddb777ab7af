// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

extension DeskEvent {
    /// The event's stable name, such as `turn.committed`.
    public var name: String { parts.name }

    /// The agent it is about; nil when it is about the whole desk.
    public var agent: AgentName? { parts.agent }

    /// What it says besides, in a fixed order.
    public var fields: [JSON.Member] { parts.fields }

    private typealias Parts = (name: String, agent: AgentName?, fields: [JSON.Member])

    private var parts: Parts {
        switch self {
        case .turnStarted, .turnCommitted, .turnFailed, .turnParked, .outputRefused: turnParts
        case .agentStarted, .agentEnded, .agentRestarted, .agentQuarantined, .agentReleased:
            agentParts
        case .triggerAccepted, .triggerMissed, .goalEnded, .accountReported: triggerParts
        case .networkUsed, .networkRefused: networkParts
        case .worktreeSwept, .foreignChange, .rescued, .published, .maintenance: repositoryParts
        default: deskParts
        }
    }

    private var deskParts: Parts {
        switch self {
        case .deskUp(let processID, let agents, let version):
            (
                "desk.up", nil,
                [number("pid", Int(processID)), number("agents", agents), text("version", version)]
            )
        case .deskDown(let reason): ("desk.down", nil, [text("reason", reason)])
        case .deskDegraded(let reason): ("desk.degraded", nil, [text("reason", reason)])
        case .deskRecovered(let reason): ("desk.recovered", nil, [text("reason", reason)])
        case .configuration(let commit, let refused):
            (
                refused == nil ? "configuration.taken" : "configuration.refused", nil,
                [text("commit", commit)] + (refused.map { [text("reason", $0)] } ?? [])
            )
        case .halted(let reason): ("ledger.halted", nil, [text("reason", reason)])
        case .resumed(let reason): ("ledger.resumed", nil, [text("reason", reason)])
        case .eventsDropped(let count, let reason):
            ("events.dropped", nil, [number("count", count), text("reason", reason)])
        default: ("desk.other", nil, [])
        }
    }

    private var turnParts: Parts {
        switch self {
        case .turnStarted(let agent, let turn, let attempt, let trigger):
            (
                "turn.started", agent,
                [number("turn", turn), number("attempt", attempt), text("trigger", trigger)]
            )
        case .turnCommitted(let agent, let turn, let commit, let signals, let seconds):
            (
                "turn.committed", agent,
                [
                    number("turn", turn), text("commit", commit), number("signals", signals),
                    time("seconds", seconds),
                ]
            )
        case .turnFailed(let agent, let turn, let attempt, let reason):
            (
                "turn.failed", agent,
                [number("turn", turn), number("attempt", attempt), text("reason", reason)]
            )
        case .outputRefused(let agent, let turn, let kept, let reason):
            (
                "output.refused", agent,
                [number("turn", turn), text("kept", kept), text("reason", reason)]
            )
        case .turnParked(let agent, let turn, let commit, let reason):
            (
                "turn.parked", agent,
                [number("turn", turn), text("commit", commit), text("reason", reason)]
            )
        default: deskParts
        }
    }

    private var agentParts: Parts {
        switch self {
        case .agentStarted(let agent, let processID, let seconds):
            (
                "agent.started", agent,
                [number("pid", Int(processID)), time("seconds", seconds)]
            )
        case .agentEnded(let agent, let processID, let status):
            ("agent.ended", agent, [number("pid", Int(processID)), text("status", status)])
        case .agentRestarted(let agent, let restarts, let delay):
            (
                "agent.restarted", agent,
                [number("restarts", restarts), time("delay_seconds", delay)]
            )
        case .agentQuarantined(let agent, let reason):
            ("agent.quarantined", agent, [text("reason", reason)])
        case .agentReleased(let agent): ("agent.released", agent, [])
        default: deskParts
        }
    }

    private var triggerParts: Parts {
        switch self {
        case .triggerAccepted(let agent, let kind, let id):
            ("trigger.accepted", agent, [text("kind", kind), text("id", id)])
        case .triggerMissed(let agent, let schedule, let fires, let runs):
            (
                "trigger.missed", agent,
                [text("schedule", schedule), number("fires", fires), number("runs", runs)]
            )
        case .accountReported(let agent, let equity, let drawdown):
            (
                "account.reported", agent,
                [text("equity", equity), time("drawdown", drawdown)]
            )
        case .goalEnded(let agent, let outcome, let reason):
            ("goal.ended", agent, [text("outcome", outcome), text("reason", reason)])
        default: deskParts
        }
    }

    private var networkParts: Parts {
        switch self {
        case .networkUsed(let agent, let target, let outcome, let sent, let received):
            (
                "network.used", agent,
                [
                    text("target", target), text("outcome", outcome),
                    number("sent_bytes", sent), number("received_bytes", received),
                ]
            )
        case .networkRefused(let agent, let target, let reason):
            ("network.refused", agent, [text("target", target), text("reason", reason)])
        default: deskParts
        }
    }

    private var repositoryParts: Parts {
        switch self {
        case .worktreeSwept(let agent, let path, let action, let detail):
            (
                "worktree.swept", agent,
                [text("path", path), text("action", action), text("detail", detail)]
            )
        case .foreignChange(let agent, let what, let reference):
            ("foreign.change", agent, [text("what", what), text("reference", reference)])
        case .rescued(let agent, let reference, let reason):
            ("rescue.kept", agent, [text("reference", reference), text("reason", reason)])
        case .published(let commits, let seconds):
            ("commits.published", nil, [number("commits", commits), time("seconds", seconds)])
        case .maintenance(let task, let seconds, let detail):
            (
                "maintenance.done", nil,
                [text("task", task), time("seconds", seconds), text("detail", detail)]
            )
        default: deskParts
        }
    }

    private func text(_ name: String, _ value: String) -> JSON.Member {
        let isWhole = value.utf8.count <= Self.textLimitBytes
        let cut =
            isWhole
            ? value : String(decoding: value.utf8.prefix(Self.textLimitBytes), as: UTF8.self)
        return JSON.Member(name, .string(cut))
    }

    private func number(_ name: String, _ value: Int) -> JSON.Member {
        JSON.Member(name, .int(Int64(value)))
    }

    private func time(_ name: String, _ value: Double) -> JSON.Member {
        // To the microsecond, which is as fine as it means anything.
        JSON.Member(name, .number((value * 1e6).rounded() / 1e6))
    }

    /// The most bytes of one text, so that no message from outside makes an event huge.
    static let textLimitBytes = 4096
}
