// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A thread for work that waits in the kernel, which no thread of a shared pool may do.
enum WorkerThread {
    private final class Box {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs a closure on a thread of its own; tells when there can be none.
    static func start(
        orElse refuse: (ProcessError) -> Void,
        _ body: @escaping @Sendable () -> Void
    ) {
        let context = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let number = pthread_create(
            &thread,
            nil,
            { context in
                if let context {
                    Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            },
            context.toOpaque()
        )
        guard number == 0 else {
            context.release()
            refuse(ProcessError("start", "a thread", errorNumber: number))
            return
        }
        pthread_detach(thread)
    }
}
