// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension Child {
    /// How long a killed child may take to be gone.
    static let killPatience: Duration = .seconds(10)

    /// Ends the child and its whole group step by step, then kills and reaps what is left, together
    /// with every descendant, also one that has left group and session.
    ///
    /// Blocks at most the sum of the steps and ten seconds. Lines that the child still writes are
    /// dropped. A child that has ended already only gives its status.
    ///
    /// - Throws: `notReaped` when the kernel cannot end it.
    @discardableResult
    public func terminate(
        steps: [TeardownStep] = TeardownStep.gentle
    ) throws(ProcessError) -> ExitStatus {
        if let reaped { return reaped }
        // Taken down now, because the descent of what the child leaves behind is lost with it.
        var seen = ProcessTable.descendants(of: processID)
        for step in steps {
            switch step.action {
            case .closeInput: closeInput()
            case .signal(let number): kill(-processID, number)
            }
            if try awaitEnd(until: clock.deadline(in: step.patience)) { break }
        }
        seen.formUnion(ProcessTable.descendants(of: processID))
        return try killAll(seen)
    }

    /// Kills the group and the descendants that were seen, and reaps the child.
    @discardableResult
    func killAll(_ seen: Set<ProcessTable.Entry>) throws(ProcessError) -> ExitStatus {
        // The leader is not reaped yet, so the group's number still means this group.
        kill(-processID, SIGKILL)
        _ = try awaitEnd(until: clock.deadline(in: Self.killPatience))
        ProcessTree.end(seen, of: marks, clock: clock)
        return try reap()
    }

    /// Waits until the process has ended and drops what it writes, because a child whose output
    /// is full could not finish; false at the deadline.
    func awaitEnd(until deadline: MonotonicInstant) throws(ProcessError) -> Bool {
        while true {
            var entries = [
                pollfd(fd: process.number, events: Readiness.readable, revents: 0), errorEntry,
            ]
            if let number = output?.number {
                entries.append(pollfd(fd: number, events: Readiness.readable, revents: 0))
            }
            guard try Readiness.wait(&entries, until: deadline, clock: clock) else { return false }
            if entries[0].revents != 0 { return true }
            if entries[1].revents != 0 { errors?.drain() }
            discardOutput()
            guard clock.now() < deadline else { return false }
        }
    }

    private func discardOutput() {
        buffer = LineBuffer(limitBytes: buffer.limitBytes)
        // An output that cannot be read has nothing more to drop.
        if (try? takeIn()) == nil { output = nil }
    }
}
