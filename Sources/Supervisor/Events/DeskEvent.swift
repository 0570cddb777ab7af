// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk

/// Something that happened on a desk, for people and programs that watch it.
///
/// Names and fields are stable: a version may add events and fields, and takes none away.
public enum DeskEvent: Sendable, Hashable {
    /// The desk runs.
    case deskUp(processID: Int32, agents: Int, version: String)
    /// The desk stopped.
    case deskDown(reason: String)
    /// A part of the desk does not work.
    case deskDegraded(reason: String)
    /// What did not work works again.
    case deskRecovered(reason: String)
    /// A changed `orchestrator.yml` was taken, or refused with the reason.
    case configuration(commit: String, refused: String?)
    /// Orders are no longer accepted.
    case halted(reason: String)
    /// Orders are accepted again.
    case resumed(reason: String)

    /// The risk agent has said how the account stands.
    case accountReported(AgentName, equity: String, drawdown: Double)

    /// A turn began; `trigger` as in the commit's trailer, `attempt` from 1.
    case turnStarted(AgentName, turn: Int, attempt: Int, trigger: String)
    /// A turn became a commit, so many seconds after it began.
    case turnCommitted(AgentName, turn: Int, commit: String, signals: Int, seconds: Double)
    /// An attempt at a turn failed.
    case turnFailed(AgentName, turn: Int, attempt: Int, reason: String)
    /// The output of a turn was refused; it is kept under that name, or under none when the disk
    /// did not take it.
    case outputRefused(AgentName, turn: Int, kept: String, reason: String)
    /// The last attempt failed, and the turn's mail was put into `deadletters/`.
    case turnParked(AgentName, turn: Int, commit: String, reason: String)

    /// An agent's process runs and has answered, so many seconds after it was started.
    case agentStarted(AgentName, processID: Int32, seconds: Double)
    /// An agent's process ended.
    case agentEnded(AgentName, processID: Int32, status: String)
    /// An agent's process will be started again, the so-manieth time in its window.
    case agentRestarted(AgentName, restarts: Int, delaySeconds: Double)
    /// An agent is started no more until a person says so.
    case agentQuarantined(AgentName, reason: String)
    /// An agent may be started again.
    case agentReleased(AgentName)

    /// A request for a turn was taken in; `kind` is `webhook` or `person`.
    case triggerAccepted(AgentName, kind: String, id: String)
    /// Fires of a schedule passed unheard; `runs` is how many turns make up for them.
    case triggerMissed(AgentName, schedule: String, fires: Int, runs: Int)
    /// A goal ended as `met`, `exhausted`, `blocked` or `failed`.
    case goalEnded(AgentName, outcome: String, reason: String)

    /// An agent's request or tunnel to a host, or by a route, has ended; the bytes are those of
    /// bodies.
    case networkUsed(AgentName, target: String, outcome: String, sent: Int, received: Int)
    /// An agent asked for something in the network that it may not have.
    case networkRefused(AgentName, target: String, reason: String)

    /// Something in an agent's worktree was made harmless: `renamed` to the detail, `put-back`, or
    /// `left` because of it.
    case worktreeSwept(AgentName, path: String, action: String, detail: String)
    /// Somebody else changed a branch, a worktree or the repository.
    case foreignChange(AgentName?, what: String, reference: String)
    /// Something was kept below `refs/rescue/` before it would have been lost.
    case rescued(AgentName?, reference: String, reason: String)
    /// Commits reached the repository.
    case published(commits: Int, seconds: Double)
    /// The repository was tidied.
    case maintenance(task: String, seconds: Double, detail: String)
    /// So many events could not be written before this one.
    case eventsDropped(count: Int, reason: String)
}
