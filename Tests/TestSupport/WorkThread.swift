// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Dispatch
import Glibc

/// Threads for work that waits, which tasks must not do.
public enum WorkThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs a body on a thread of its own.
    public static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Work(body)).toOpaque()
        let number = pthread_create(
            &thread,
            nil,
            { context in
                context.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
                return nil
            },
            context
        )
        precondition(number == 0, "the system has a thread left")
        pthread_detach(thread)
    }

    /// Waits for a semaphore without blocking the task.
    public static func wait(for semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { done in
            start {
                semaphore.wait()
                done.resume()
            }
        }
    }
}
