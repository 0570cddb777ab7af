// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Synchronization

/// The requests of one client that are being answered, so that each can be cancelled.
final class ServerCalls: Sendable {
    private struct State {
        var tasks: [RequestID: Task<Void, Never>?] = [:]
        var cancelled: Set<RequestID> = []
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// The most at a time.
    static let limit = 64

    private let state = Mutex(State())

    /// Takes a request in; a fault when its id is in use or there are too many.
    func begin(_ id: RequestID) -> Fault? {
        state.withLock { state in
            guard state.tasks[id] == nil else {
                return Fault(Fault.invalidRequest, "a request with this id is not answered yet")
            }
            guard state.tasks.count < Self.limit else {
                return Fault(-32000, "more than \(Self.limit) requests at a time; try again later")
            }
            state.tasks[id] = .some(nil)
            return nil
        }
    }

    /// Keeps the task that answers a request which has begun.
    func keep(_ task: Task<Void, Never>, for id: RequestID) {
        let isCancelled = state.withLock { state in
            // It may have ended by now.
            if state.tasks[id] != nil { state.tasks[id] = task }
            return state.cancelled.contains(id)
        }
        if isCancelled { task.cancel() }
    }

    /// Cancels a request; it gets no answer any more. Unknown ids are passed over.
    func cancel(_ id: RequestID) {
        let task = state.withLock { state -> Task<Void, Never>? in
            guard let task = state.tasks[id] else { return nil }
            state.cancelled.insert(id)
            return task
        }
        task?.cancel()
    }

    /// Ends a request; whether its answer is still wanted.
    func end(_ id: RequestID) -> Bool {
        typealias Outcome = (isWanted: Bool, waiters: [CheckedContinuation<Void, Never>])
        let (isWanted, waiters) = state.withLock { state -> Outcome in
            state.tasks[id] = nil
            let isWanted = state.cancelled.remove(id) == nil
            guard state.tasks.isEmpty else { return (isWanted, []) }
            defer { state.waiters = [] }
            return (isWanted, state.waiters)
        }
        for waiter in waiters { waiter.resume() }
        return isWanted
    }

    /// Waits until none is left.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.tasks.isEmpty { state.waiters.append(continuation) }
                return state.tasks.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
