// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A child whose lines are sent from any thread and handed over as they come.
///
/// A thread of its own starts the child, writes, reads and waits, because a child is tied to the
/// thread that started it. Nothing blocks the callers.
public final class ChildLink: Sendable {
    /// What is told, always on the link's own thread and one call at a time.
    public protocol Receiver: Sendable {
        /// A line has come.
        func received(_ line: [UInt8])
        /// Time has passed or something has happened; says when to be called again at the latest.
        func moment(now: MonotonicInstant) -> MonotonicInstant
        /// The child has ended and is reaped, or can no longer be talked to and was ended.
        func ended(_ status: ExitStatus, because failure: ProcessError?)
    }

    private struct State {
        var lines: [[UInt8]] = []
        var bytes = 0
        var isClosing = false
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let bell: DescriptorPair
    private let options: Options
    private let clock: any MonotonicClock

    /// How much may wait, and how the child is ended.
    public struct Options: Sendable {
        /// The most bytes of lines that wait to be sent.
        public var queueLimitBytes: Int
        /// How long the child may take to read one line.
        public var sendPatience: Duration
        /// How the child is ended.
        public var teardown: [TeardownStep]

        /// Bundles options.
        public init(
            queueLimitBytes: Int = 64 << 20,
            sendPatience: Duration = .seconds(30),
            teardown: [TeardownStep] = TeardownStep.gentle
        ) {
            self.queueLimitBytes = queueLimitBytes
            self.sendPatience = sendPatience
            self.teardown = teardown
        }
    }

    private init(_ options: Options, clock: any MonotonicClock) throws(ProcessError) {
        self.options = options
        self.clock = clock
        let pair = try DescriptorPair.makePipe()
        try pair.first.makeNonBlocking()
        try pair.second.makeNonBlocking()
        bell = pair
    }

    /// Starts a program and returns once it has been executed.
    /// - Throws: As `Child.start`; no process is left behind then.
    public static func start(
        _ command: ChildCommand,
        _ options: Options = Options(),
        clock: any MonotonicClock,
        receiver: any Receiver
    ) async throws(ProcessError) -> ChildLink {
        let link = try ChildLink(options, clock: clock)
        let failure = await withCheckedContinuation {
            (started: CheckedContinuation<ProcessError?, Never>) in
            WorkerThread.start(orElse: { started.resume(returning: $0) }) {
                do throws(ProcessError) {
                    let child = try Child.start(command, clock: clock)
                    started.resume(returning: nil)
                    link.serve(child, receiver)
                } catch {
                    started.resume(returning: error)
                }
            }
        }
        if let failure { throw failure }
        return link
    }

    /// Leaves a line to be sent; false when the link is closing or too much waits already.
    public func send(line: [UInt8]) -> Bool {
        let isLeft = state.withLock { state in
            guard !state.isClosing, !state.hasEnded,
                state.bytes + line.count <= options.queueLimitBytes
            else { return false }
            state.lines.append(line)
            state.bytes += line.count
            return true
        }
        if isLeft { ring() }
        return isLeft
    }

    /// Has the receiver's `moment` called soon.
    public func nudge() { ring() }

    /// Ends the child step by step and returns once it is gone.
    public func close() async {
        state.withLock { $0.isClosing = true }
        ring()
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if isOver { continuation.resume() }
        }
    }

    private func ring() {
        var byte: UInt8 = 1
        // A full pipe has rung already.
        _ = write(bell.second.number, &byte, 1)
    }

    private func silence() {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { bytes in
            while read(bell.first.number, bytes.baseAddress, bytes.count) > 0 {}
        }
    }

    /// The work of the thread, until the child has ended.
    private func serve(_ child: Child, _ receiver: any Receiver) {
        var failure: ProcessError?
        do throws(ProcessError) {
            while try !step(child, receiver) {}
        } catch {
            failure = error
        }
        var status = child.exitStatus
        do throws(ProcessError) {
            status = try child.terminate(steps: options.teardown)
        } catch {
            failure = failure ?? error
        }
        let waiters = state.withLock { state in
            state.hasEnded = true
            state.lines = []
            defer { state.waiters = [] }
            return state.waiters
        }
        receiver.ended(status, because: failure)
        for waiter in waiters { waiter.resume() }
    }

    /// One pass: sends what waits, then waits for something to happen; true at the end.
    private func step(_ child: Child, _ receiver: any Receiver) throws(ProcessError) -> Bool {
        let (lines, isClosing) = state.withLock { state in
            defer { (state.lines, state.bytes) = ([], 0) }
            return (state.lines, state.isClosing)
        }
        for line in lines {
            try child.send(line: line, until: clock.deadline(in: options.sendPatience))
        }
        guard !isClosing else { return true }
        let next = receiver.moment(now: clock.now())
        let events = try ChildGroup.wait(
            for: [child],
            until: next,
            clock: clock,
            wake: bell.first.number
        )
        for event in events {
            switch event {
            case .line(_, let line): receiver.received(line)
            case .closedOutput, .exited: return true
            case .failed(_, let error): throw error
            case .interrupted: silence()
            case .timedOut: break
            }
        }
        return events.isEmpty
    }
}
