// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension Child {
    /// Writes a line and its line feed to the child's input.
    ///
    /// While it waits for room it takes in what the child writes, so that two full pipes cannot
    /// block each other; those lines come with the next wait.
    ///
    /// - Throws: `timedOut` when the child reads too slowly, `inputClosed` when it does not read
    ///   at all, `invalidLine`. A line that was begun and not finished ends the input for good.
    public func send(line: [UInt8], until deadline: MonotonicInstant) throws(ProcessError) {
        let framed = try LineWriter.framed(line)
        guard let number = input?.number else { throw inputClosed() }
        let writer = LineWriter(nonBlocking: number)
        var sent = 0
        while sent < framed.count {
            let written: Int?
            do throws(ProcessError) {
                written = try writer.writeSome(framed, from: sent)
            } catch {
                closeInput()
                throw error.code == .inputClosed ? inputClosed() : error
            }
            if let written {
                sent += written
                continue
            }
            guard try awaitRoom(on: number, until: deadline) else {
                if sent > 0 { closeInput() }
                throw LineWriter.timedOut("\(name) (\(processID))", sent: sent, of: framed.count)
            }
        }
    }

    /// Ends the child's input, which asks a well-behaved child to finish.
    public func closeInput() {
        input = nil
    }

    /// Waits for room in the pipe and meanwhile empties the other one; false at the deadline.
    private func awaitRoom(
        on number: Int32,
        until deadline: MonotonicInstant
    ) throws(ProcessError) -> Bool {
        while true {
            var entries = [
                pollfd(fd: number, events: Readiness.writable, revents: 0), errorEntry,
            ]
            // What is held is bounded: a line that is over its limit is left to the next wait.
            if let output = output?.number, buffer.count <= buffer.limitBytes {
                entries.append(pollfd(fd: output, events: Readiness.readable, revents: 0))
            }
            guard try Readiness.wait(&entries, until: deadline, clock: clock) else { return false }
            if entries[1].revents != 0 { errors?.drain() }
            if entries.count > 2, entries[2].revents != 0 { try takeIn() }
            if entries[0].revents != 0 { return true }
            // A child that writes errors without end makes no room by that.
            guard clock.now() < deadline else { return false }
        }
    }

    /// What poll is asked about the errors; passed over when they go to a file or have ended.
    var errorEntry: pollfd {
        pollfd(fd: errors?.number ?? -1, events: Readiness.readable, revents: 0)
    }

    private func inputClosed() -> ProcessError {
        ProcessError(
            code: .inputClosed,
            operation: "send a line to",
            subject: "\(name) (\(processID))",
            hint: "it has ended or closed its input: see its log and start it again"
        )
    }
}
