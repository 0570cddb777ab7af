// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Lets a command, which runs from top to bottom on the main thread, wait for what is asynchronous.
enum Waiting {
    private final class Slot<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    /// Runs a task to its end while the main thread waits.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let slot = Slot<Value>()
        let done = DispatchSemaphore(value: 0)
        // Nothing cancels it: an interrupt ends the program, and with it what it has started.
        Task {
            let result: Result<Value, any Error>
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            slot.result.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = slot.result.withLock({ $0 }) else {
            throw Failure("a task ended without a result", .software)
        }
        return try result.get()
    }
}
