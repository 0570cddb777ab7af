// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A thread that writes the same line again and again, as a sign that the process is not stopped.
///
/// A line that finds no room is left out. After a pause, such as a stopped process, the missed
/// lines are not made up for. The thread ends when this value goes away or nobody reads any more.
public final class Heartbeat: Sendable {
    private let wake: Descriptor

    private init(wake: consuming Descriptor) {
        self.wake = consume wake
    }

    deinit {
        var byte: UInt8 = 0
        // A pipe that is full or closed has woken the thread or belongs to one that has ended.
        _ = write(wake.number, &byte, 1)
    }

    /// Starts the thread; the first line comes one interval from now.
    ///
    /// - Throws: `resourceLimit` when there is no thread or descriptor for it.
    public static func start(
        every interval: Duration,
        line: [UInt8],
        to output: LineOutput
    ) throws(ProcessError) -> Heartbeat {
        precondition(interval > .zero, "A heartbeat needs a span between its beats.")
        let pipe = try DescriptorPair.makePipe()
        let work = Beating(interval: interval, line: line, output: output, wake: pipe.first)
        let pointer = Unmanaged.passRetained(work).toOpaque()
        var thread = pthread_t()
        let number = pthread_create(
            &thread,
            nil,
            { pointer in
                if let pointer { Unmanaged<Beating>.fromOpaque(pointer).takeRetainedValue().run() }
                return nil
            },
            pointer
        )
        guard number == 0 else {
            Unmanaged<Beating>.fromOpaque(pointer).release()
            throw ProcessError("start", "a thread", errorNumber: number)
        }
        pthread_detach(thread)
        return Heartbeat(wake: pipe.second)
    }
}

/// What the thread of a heartbeat does.
private final class Beating {
    private let interval: Duration
    private let line: [UInt8]
    private let output: LineOutput
    private let wake: Descriptor

    init(interval: Duration, line: [UInt8], output: LineOutput, wake: consuming Descriptor) {
        self.interval = interval
        self.line = line
        self.output = output
        self.wake = consume wake
    }

    /// The next beat: all processes of a computer beat at the same moments, so that whoever listens
    /// wakes up once for all of them.
    private func beat(after now: MonotonicInstant) -> MonotonicInstant {
        let span = MonotonicInstant(nanoseconds: 0).advanced(by: interval).nanoseconds
        let late = now.nanoseconds % max(1, span)
        return now.advanced(by: interval - .nanoseconds(late))
    }

    func run() {
        var next = beat(after: output.clock.now())
        while true {
            // A wait that fails leaves nothing to go by, so the beats end, which is noticed.
            let isOver = try? Pause.wait(until: next, clock: output.clock, wake: wake.number)
            guard isOver == false else { return }
            let now = output.clock.now()
            next = beat(after: now)
            do throws(ProcessError) {
                try output.writeLine(line, until: now)
            } catch  where error.code == .timedOut {
                continue
            } catch {
                return
            }
        }
    }
}
