// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import Processes

/// One agent of a running desk: its process, its mail, and what it is doing.
final class LiveAgent {
    /// What an agent is doing.
    enum Activity {
        /// Nothing; it waits for a trigger.
        case resting
        /// A turn, which has to be answered in time.
        case running(RunningTurn, until: MonotonicInstant)
        /// A turn that failed waits for its next attempt.
        case waiting(TurnPlan, until: MonotonicInstant)
        /// A turn has come to something that is not committed yet.
        case finishing(TurnPlan, TurnOutcome)
        /// A commit has been made and is not on the disk yet.
        case made(FinishedTurn)
    }

    let configuration: AgentConfiguration
    let process: AgentProcess
    var mailbox: Mailbox
    var activity = Activity.resting
    /// The turn that it is at; the last one while it rests.
    var current: TurnPlan?
    var attempts = TurnAttempts()
    /// When the newest attempt began.
    var begunAt: MonotonicInstant?
    /// The folder in which its newest process was started, and which process that is.
    var home: (processID: Int32, folder: FolderIdentity?)?
    /// The process whose end has not been told yet.
    var untoldEnd: Int32?
    /// Whether its branch has moved since the index of its worktree was written.
    var indexIsOld = false
    /// Its process's signs of life.
    var watch: BeatWatch?
    /// When its process was started last, until it answers.
    var startedAt: MonotonicInstant?
    /// The triggers that have fired since the last turn began, oldest first.
    var fired: [FiredTrigger] = []
    /// The requests behind the triggers in ``fired``.
    var requests: [TriggerRequest] = []
    /// Until when it has no turn because somebody holds a lock in its worktree.
    var restAt: MonotonicInstant?
    /// When its process may be started again; nil when it may be at once.
    var restartAt: MonotonicInstant?
    /// Why it is started no more; a person has to lift that.
    var quarantine: String?
    /// A commit of `main` whose skills it cannot use.
    var refused: ObjectID?

    init(_ configuration: AgentConfiguration, mailbox: Mailbox) {
        self.configuration = configuration
        self.mailbox = mailbox
        process = AgentProcess(agent: configuration)
    }

    var name: AgentName { configuration.name }

    /// Whether something waits for a turn.
    var isDue: Bool { !fired.isEmpty || !mailbox.isEmpty }

    var isResting: Bool {
        if case .resting = activity { true } else { false }
    }

    /// Whether nothing is under way that could still come to something.
    var isIdle: Bool {
        switch activity {
        case .resting, .waiting: true
        case .running, .finishing, .made: false
        }
    }

    /// Notes a trigger; the same fire of a schedule is noted once.
    func fire(_ trigger: FiredTrigger) {
        guard !fired.contains(trigger) else { return }
        fired.append(trigger)
    }
}

/// A trigger that has fired and the desk time at which it did.
struct FiredTrigger: Hashable {
    let trigger: TurnTrigger
    let time: Instant
}
