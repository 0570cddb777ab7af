// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

extension Child {
    /// Whether the child still runs, or how it ended; does not wait.
    public var exitStatus: ExitStatus {
        if let reaped { return reaped }
        var outcome = desk_exit()
        // The descriptor is ours and open, so the only failure is "not ended yet".
        guard desk_exit_of(process.number, 1, &outcome) == 0 else { return .running }
        return ExitStatus(outcome, signalsAsCodes: reportsSignalsAsCodes)
    }

    /// Whether a signal has stopped the child, so that it does nothing until it is continued.
    ///
    /// One that a debugger holds does not count as stopped.
    public var isStopped: Bool {
        reaped == nil && desk_is_stopped(process.number) != 0
    }

    /// Whether the child does nothing until something that a signal has stopped is continued:
    /// itself, or the program that it runs in a sandbox.
    ///
    /// Reads some files of the kernel's for each process in between.
    public var isHeldUp: Bool {
        isStopped || (reaped == nil && ProcessTable.hasStoppedHeir(processID))
    }

    /// Takes what the child wrote behind its last line feed, once it has ended.
    public func takeUnfinishedLine() -> [UInt8] {
        reaped == nil ? [] : buffer.takeRest()
    }

    /// Reads once into the buffer.
    ///
    /// At the end the output is closed.
    func takeIn() throws(ProcessError) {
        guard let number = output?.number else { return }
        if try buffer.fill(from: number) == .end { output = nil }
    }

    /// Appends the lines held so far, and the end of the output once.
    func report(as index: Int, into events: inout [ChildEvent]) {
        do throws(ProcessError) {
            while let line = try buffer.takeLine() { events.append(.line(index, line)) }
        } catch {
            failReading(error)
        }
        if let failure = readFailure {
            readFailure = nil
            events.append(.failed(index, failure))
        }
        guard output == nil, !hasReportedEnd else { return }
        hasReportedEnd = true
        events.append(.closedOutput(index))
    }

    /// Gives up on the output; the child gets EPIPE if it goes on writing.
    func failReading(_ error: ProcessError) {
        readFailure = error
        output = nil
        buffer = LineBuffer(limitBytes: buffer.limitBytes)
    }

    /// Takes in what the output holds now, kills what is left of the group and reaps the child.
    func settle(as index: Int, into events: inout [ChildEvent]) throws(ProcessError) {
        kill(-processID, SIGKILL)
        do throws(ProcessError) {
            try drain(as: index, into: &events)
        } catch {
            failReading(error)
        }
        output = nil
        report(as: index, into: &events)
        ProcessTree.end([], of: marks, clock: clock)
        events.append(.exited(index, try reap()))
    }

    /// Reads what the child can have left behind: one pipe full.
    ///
    /// A descendant that escaped from the group could write for ever.
    private func drain(as index: Int, into events: inout [ChildEvent]) throws(ProcessError) {
        guard let number = output?.number else { return }
        var left = Int(fcntl(number, getPipeSize))
        while left > 0 {
            guard case .bytes(let count) = try buffer.fill(from: number) else { return }
            left -= count
            report(as: index, into: &events)
        }
    }

    /// Frees the process number.
    ///
    /// Until then no other process can be given it, nor the group. A child that a debugger watches
    /// has ended a moment before it can be reaped, because the debugger is told first.
    @discardableResult
    func reap() throws(ProcessError) -> ExitStatus {
        var outcome = desk_exit()
        var number = desk_exit_of(process.number, 0, &outcome)
        let deadline = clock.deadline(in: Self.killPatience)
        while number == 0, outcome.has_ended == 0, clock.now() < deadline {
            let next = clock.deadline(in: .milliseconds(1))
            _ = try Pause.wait(until: next, clock: clock, wake: nil)
            number = desk_exit_of(process.number, 0, &outcome)
        }
        guard number == 0, outcome.has_ended != 0 else {
            throw ProcessError(
                code: .notReaped,
                operation: "reap",
                subject: "\(name) (\(processID))",
                errorNumber: number == 0 ? nil : number,
                hint: "it hangs in the kernel: check the file system it uses"
            )
        }
        KnownChildren.forget(processID)
        let status = ExitStatus(outcome, signalsAsCodes: reportsSignalsAsCodes)
        reaped = status
        errors?.finish()
        group = nil
        input = nil
        output = nil
        return status
    }
}

extension ExitStatus {
    /// With `signalsAsCodes`, a process in between says 128 and the number for a signal.
    init(_ outcome: desk_exit, signalsAsCodes: Bool) {
        if outcome.has_ended == 0 {
            self = .running
        } else if outcome.was_signalled != 0 {
            self = .signalled(number: outcome.value)
        } else if signalsAsCodes, (129...128 + 64).contains(outcome.value) {
            self = .signalled(number: outcome.value - 128)
        } else {
            self = .exited(code: outcome.value)
        }
    }
}

/// `F_GETPIPE_SZ`, which not every C library's module exports.
private let getPipeSize: Int32 = 1032
