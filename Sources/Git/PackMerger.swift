// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Synchronization

/// A thread that merges packs beside whoever publishes, so that no turn waits for it.
///
/// There is one at a time. It gives way to others, and ends with its merge.
final class PackMerger: Sendable {
    typealias Outcome = Result<Int, GitError>

    private struct State {
        var thread: pthread_t?
        var outcome: Outcome?
        var isStopping = false
    }

    private final class Job: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// How much more others count for the scheduler: about three times as much.
    private static let niceness: Int32 = 5

    private let state = Mutex(State())

    /// True from the start of a merge until its outcome is known.
    var isRunning: Bool { state.withLock { $0.thread != nil && $0.outcome == nil } }

    /// Starts a merge, unless one is under way or its outcome has not been collected.
    ///
    /// The body is told whether to go on. Without a thread for it, it is left for another time.
    func start(_ body: @escaping @Sendable (_ goesOn: @escaping @Sendable () -> Bool) -> Outcome) {
        state.withLock { state in
            guard state.thread == nil, !state.isStopping else { return }
            let job = Job { [self] in
                // Of this thread alone, as Linux has it; at worst it counts as much as others.
                _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
                let outcome = body { !self.state.withLock(\.isStopping) }
                // A merge takes much for a moment, which this thread would keep for the next one.
                Heap.giveBack()
                self.state.withLock { $0.outcome = outcome }
            }
            state.thread = Self.run(job)
        }
    }

    /// What a merge that has ended brought: how many packs were merged away; zero if none has.
    func collect() throws(GitError) -> Int {
        guard state.withLock({ $0.outcome != nil }) else { return 0 }
        return try wait()
    }

    /// Waits for the merge that is under way, if there is any.
    func wait() throws(GitError) -> Int {
        guard let thread = state.withLock(\.thread) else { return 0 }
        pthread_join(thread, nil)
        let outcome = state.withLock { state in
            defer { state = State(isStopping: state.isStopping) }
            return state.outcome
        }
        return try outcome?.get() ?? 0
    }

    /// Ends the merge that is under way; its packs stay as they are.
    func stop() throws(GitError) {
        state.withLock { $0.isStopping = true }
        defer { state.withLock { $0.isStopping = false } }
        _ = try wait()
    }

    /// Starts a thread; nil when the system has none.
    private static func run(_ job: Job) -> pthread_t? {
        let context = unsafe Unmanaged.passRetained(job)
        var thread = pthread_t()
        let number = unsafe pthread_create(
            &thread,
            nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            },
            unsafe context.toOpaque()
        )
        guard number == 0 else {
            unsafe context.release()
            return nil
        }
        return thread
    }
}
