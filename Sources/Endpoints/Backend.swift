// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import NIOCore
import NIOPosix
import Synchronization

/// What all connections of an endpoint share.
final class Backend: Sendable {
    let router: Router
    let limits: EndpointLimits
    private let receiver: HookReceiver
    private let messages: MessageRoute?
    private let metrics: DeskMetrics
    private let workers: NIOThreadPool
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var connections = 0
        var waiting = 0
        var bodyBytes = 0
    }

    /// The most bytes of bodies that are held at a time, over all connections.
    private static let budgetBytes = 32 << 20

    init(
        _ configuration: EndpointConfiguration,
        spool: TriggerSpool,
        metrics: DeskMetrics,
        wall: any WallClock,
        workers: NIOThreadPool
    ) {
        router = Router(configuration)
        limits = configuration.limits
        receiver = HookReceiver(
            hooks: configuration.hooks,
            spool: spool,
            wall: wall,
            retryAfterSeconds: configuration.limits.retryAfterSeconds
        )
        messages = configuration.messages
        self.metrics = metrics
        self.workers = workers
    }

    /// Whether requests are still taken in.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Takes in nothing more; false when that has been said before.
    func beginToStop() -> Bool {
        state.withLock { state in
            defer { state.isStopping = true }
            return !state.isStopping
        }
    }

    /// Whether there is room for one more connection, which is then counted.
    func admit() -> Bool {
        state.withLock { state in
            guard state.connections < limits.connections else { return false }
            state.connections += 1
            return true
        }
    }

    func dismiss() {
        state.withLock { $0.connections -= 1 }
    }

    /// Whether there is room for more bytes of a body, which are then counted.
    func reserve(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.bodyBytes + bytes <= Self.budgetBytes else { return false }
            state.bodyBytes += bytes
            return true
        }
    }

    func unreserve(_ bytes: Int) {
        state.withLock { $0.bodyBytes -= bytes }
    }

    func page(_ page: Router.Page) -> Reply {
        let snapshot = metrics.snapshot
        switch page {
        case .metrics:
            return Reply(
                status: 200,
                body: snapshot.text,
                contentType: "text/plain; version=0.0.4; charset=utf-8",
                page: page.rawValue
            )
        case .healthz:
            let health = isStopping ? .stopping : snapshot.health
            return Reply(
                status: health == .running ? 200 : 503,
                body: health == .running ? "ok\n" : "\(health.rawValue)\n",
                page: page.rawValue
            )
        }
    }

    /// Counts an answer, whether or not the caller takes it.
    func count(_ reply: Reply) {
        let answer = MetricsSnapshot.Answer(page: reply.page, status: reply.status)
        metrics.update { $0.answers[answer, default: 0] += 1 }
    }

    /// Gives a body to who is meant: a hook on a thread that may wait for the disk, a message as a
    /// task of its own.
    func receive(
        _ body: [UInt8],
        _ head: RequestHead,
        for destination: Router.Destination,
        on loop: any EventLoop
    ) -> EventLoopFuture<Reply> {
        guard !isStopping else {
            return loop.makeSucceededFuture(.unavailable.counted(as: destination.page))
        }
        let hasRoom = state.withLock { state in
            guard state.waiting < limits.waiting else { return false }
            state.waiting += 1
            return true
        }
        guard hasRoom else {
            return loop.makeSucceededFuture(
                .busy(retryAfterSeconds: limits.retryAfterSeconds)
            )
        }
        switch destination {
        case .hook(let agent):
            return workers.runIfActive(eventLoop: loop) { [self] in
                defer { state.withLock { $0.waiting -= 1 } }
                return receiver.receive(body, head, for: agent)
            }
            .recover { _ in .unavailable.counted(as: "hooks") }
        case .messages:
            let promise = loop.makePromise(of: Reply.self)
            // Ends with its answer; a caller that leaves does not undo what it has asked for.
            Task {
                defer { state.withLock { $0.waiting -= 1 } }
                guard let messages else { return promise.succeed(.unknown) }
                let answer = await messages.answer(MessageRoute.Head(head), body)
                promise.succeed(Reply(answer))
            }
            return promise.futureResult
        }
    }
}
