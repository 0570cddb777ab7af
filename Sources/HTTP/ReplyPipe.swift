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

    func begin(_ head: HTTPHead) {
        change { $0.begin(head) }
    }

    /// Takes bytes in; false when there is no room for them now.
    func receive(_ bytes: some Collection<UInt8>) -> Bool {
        change { $0.receive(bytes) }
    }

    func finish(_ result: Result<Void, HTTPError>) {
        change { $0.finish(result) }
    }

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

    /// Changes the state and wakes whoever that concerns.
    private func change<Value: Sendable>(_ body: (inout ReplyState) -> Value) -> Value {
        let (value, wake) = shared.withLock { shared -> (Value, Wake) in
            let value = body(&shared.state)
            var wake = Wake()
            if let waiter = shared.headWaiter, let start = shared.state.start {
                shared.headWaiter = nil
                wake.head = (waiter, start)
            }
            if let waiter = shared.bytesWaiter, let result = Self.result(shared.state.take()) {
                shared.bytesWaiter = nil
                wake.bytes = (waiter, result)
            }
            return (value, wake)
        }
        wake.head.map { $0.0.resume(returning: $0.1) }
        wake.bytes.map { $0.0.resume(returning: $0.1) }
        return value
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
