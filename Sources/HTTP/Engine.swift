// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc
import Synchronization

/// The door to the one thread that runs all transfers of a client.
///
/// Everything libcurl owns is touched by that thread alone; others leave commands here and wake
/// it. The thread starts with the first command and ends when the engine is closed.
final class Engine: Sendable {
    /// One request on its way to the thread.
    struct Job: Sendable {
        let id: Int
        let request: HTTPRequest
        /// Where it goes, which was checked.
        let place: HTTPURL
        let pipe: ReplyPipe
        var watch: TransferWatch
    }

    enum Command: Sendable {
        case start(Job)
        case cancel(Int)
        /// The caller has room again.
        case resume(Int)
        case alarm(Int, at: Duration, ReplyPipe)
    }

    private struct Queue {
        var commands: [Command] = []
        var lastID = 0
        /// Requests that have been taken in and have not ended.
        var open = 0
        var isRunning = false
        var isClosed = false
    }

    let settings: HTTPSettings
    let multi: Owned<MultiKind>
    let now: @Sendable () -> Duration
    private let queue = Mutex(Queue())

    init(_ settings: HTTPSettings, now: @escaping @Sendable () -> Duration) throws(HTTPError) {
        try Curl.requireReady()
        self.settings = settings
        self.now = now
        multi = try unsafe Curl.take(MultiKind.self, curl_multi_init())
        let connections = settings.connectionsPerHost
        _ = unsafe loopdesk_multi_set_long(
            multi.pointer,
            CURLMOPT_MAX_HOST_CONNECTIONS,
            connections
        )
        _ = unsafe loopdesk_multi_set_long(
            multi.pointer,
            CURLMOPT_MAXCONNECTS,
            settings.transfers
        )
    }

    /// Takes a request in; its pipe tells the rest.
    /// - Throws: `.busy` when too many are under way, `.closed` afterwards.
    func submit(
        _ request: HTTPRequest,
        to place: HTTPURL,
        _ pipe: ReplyPipe
    ) throws(HTTPError) -> Int {
        let start = now()
        let limit = settings.transfers + settings.waiting
        return try enqueue("send \(request)", countsIn: limit) { id in
            let watch = TransferWatch(request.limits, start: start)
            return .start(
                Job(id: id, request: request, place: place, pipe: pipe, watch: watch)
            )
        }
    }

    /// Waits; shorter when the task is cancelled or the engine closed.
    func pause(for duration: Duration) async {
        let pipe = ReplyPipe()
        let end = now() + duration
        // Once it is closed there is no wait, and what comes afterwards says why.
        guard let id = try? enqueue("wait", countsIn: nil, { .alarm($0, at: end, pipe) }) else {
            return
        }
        _ = await withTaskCancellationHandler {
            await pipe.bytes()
        } onCancel: {
            cancel(id)
        }
    }

    func cancel(_ id: Int) { leave(.cancel(id)) }

    func resume(_ id: Int) { leave(.resume(id)) }

    /// Ends all transfers and the thread.
    func close() {
        queue.withLock { $0.isClosed = true }
        wake()
    }

    /// For the thread: what has been left for it, and whether it is to end.
    func takeCommands() -> (commands: [Command], isClosed: Bool) {
        queue.withLock { queue in
            defer { queue.commands.removeAll() }
            return (queue.commands, queue.isClosed)
        }
    }

    /// For the thread: a request has ended.
    func ended() {
        queue.withLock { $0.open -= 1 }
    }

    /// Leaves a command that needs no answer; after the end it has no meaning any more.
    private func leave(_ command: Command) {
        let isLeft = queue.withLock { queue in
            if !queue.isClosed { queue.commands.append(command) }
            return !queue.isClosed
        }
        if isLeft { wake() }
    }

    private func enqueue(
        _ operation: @autoclosure () -> String,
        countsIn limit: Int?,
        _ command: (Int) -> Command
    ) throws(HTTPError) -> Int {
        let (id, isFirst) = try queue.withLock { queue throws(HTTPError) in
            guard !queue.isClosed else {
                throw HTTPError(.closed, operation(), "the client is closed")
            }
            if let limit {
                guard queue.open < limit else {
                    throw HTTPError(.busy, operation(), "\(limit) requests are under way already")
                }
                queue.open += 1
            }
            queue.lastID += 1
            queue.commands.append(command(queue.lastID))
            defer { queue.isRunning = true }
            return (queue.lastID, !queue.isRunning)
        }
        if isFirst { try startThread(operation()) } else { wake() }
        return id
    }

    private func wake() {
        _ = unsafe curl_multi_wakeup(multi.pointer)
    }

    private func startThread(_ operation: String) throws(HTTPError) {
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let number = unsafe pthread_create(
            &thread,
            nil,
            { context in
                if let context = unsafe context {
                    let engine = unsafe Unmanaged<Engine>.fromOpaque(context).takeRetainedValue()
                    EngineLoop(engine).run()
                }
                return nil
            },
            context
        )
        guard number == 0 else {
            unsafe Unmanaged<Engine>.fromOpaque(context).release()
            queue.withLock { queue in
                queue.isRunning = false
                queue.open = 0
                queue.commands = []
            }
            throw HTTPError(.other, operation, "no thread can be started for it")
        }
        pthread_detach(thread)
    }
}

// The pointer is handed to libcurl by the one thread of the engine; the only other call is
// curl_multi_wakeup, which libcurl allows from any thread.
extension Owned: @unchecked Sendable where Kind == MultiKind {}
