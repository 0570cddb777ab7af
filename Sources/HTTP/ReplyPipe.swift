// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Carries one reply from the thread of the transfers to the task that reads it.
///
/// There is one reader. What it waits for always comes, because every transfer ends: with its
/// reply, at a deadline, by cancellation or with the client.
final class ReplyPipe: Sendable {
    private struct Shared {
        var state = ReplyState()
        var headWaiter: CheckedContinuation<Result<HTTPHead, HTTPError>, Never>?
        var bytesWaiter: CheckedContinuation<Result<[UInt8]?, HTTPError>, Never>?
    }

    private let shared = Mutex(Shared())

    /// Takes the head in; whoever waits for it is told by ``deliver()``.
    func begin(_ head: HTTPHead) {
        shared.withLock { $0.state.begin(head) }
    }

    /// Takes bytes in; false when there is no room for them now.
    ///
    /// Whoever waits for them is told by ``deliver()``: to wake a task costs more than to read
    /// what many pieces of a reply hold.
    func receive(_ bytes: some Collection<UInt8>) -> Bool {
        shared.withLock { $0.state.receive(bytes) }
    }

    func finish(_ result: Result<Void, HTTPError>) {
        shared.withLock { $0.state.finish(result) }
        deliver()
    }

    /// Whether the transfer is over, read or not.
    var isOver: Bool { shared.withLock { $0.state.isOver } }

    /// Whether the transfer has stopped for want of room, and may go on now.
    func takePause() -> Bool {
        shared.withLock { $0.state.takePause() }
    }

    func head() async -> Result<HTTPHead, HTTPError> {
        await withCheckedContinuation { continuation in
            let known = shared.withLock { shared -> Result<HTTPHead, HTTPError>? in
                if shared.state.start == nil { shared.headWaiter = continuation }
                return shared.state.start
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// The bytes that have come, as soon as there are any; nil at the end.
    func bytes() async -> Result<[UInt8]?, HTTPError> {
        await withCheckedContinuation { continuation in
            let known = shared.withLock { shared -> Result<[UInt8]?, HTTPError>? in
                let result = Self.result(shared.state.take())
                if result == nil { shared.bytesWaiter = continuation }
                return result
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Wakes whoever waits for what has come by now.
    func deliver() {
        let wake = shared.withLock { shared -> Wake in
            var wake = Wake()
            if let waiter = shared.headWaiter, let start = shared.state.start {
                shared.headWaiter = nil
                wake.head = (waiter, start)
            }
            if let waiter = shared.bytesWaiter, let result = Self.result(shared.state.take()) {
                shared.bytesWaiter = nil
                wake.bytes = (waiter, result)
            }
            return wake
        }
        wake.head.map { $0.0.resume(returning: $0.1) }
        wake.bytes.map { $0.0.resume(returning: $0.1) }
    }

    private struct Wake: Sendable {
        typealias Waiter<Value> = CheckedContinuation<Result<Value, HTTPError>, Never>
        var head: (Waiter<HTTPHead>, Result<HTTPHead, HTTPError>)?
        var bytes: (Waiter<[UInt8]?>, Result<[UInt8]?, HTTPError>)?
    }

    private static func result(_ step: ReplyState.Step) -> Result<[UInt8]?, HTTPError>? {
        switch step {
        case .wait: nil
        case .bytes(let bytes): .success(bytes)
        case .done: .success(nil)
        case .failed(let error): .failure(error)
        }
    }
}
