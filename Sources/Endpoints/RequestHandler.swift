// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Leads one connection from request to request, within the limits of time and size.
///
/// The library in front of it reads HTTP and hands over one request at a time, the next one when
/// the answer is written.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// The next request has not begun, or its head is not whole.
        case resting
        /// The body of a webhook or a message comes in.
        case receiving(RequestHead, Router.Destination, ByteBuffer)
        /// The answer is known and the request, which has no body, has to end.
        case ending(Reply)
        /// The answer is being made.
        case answering
        /// The last answer is written; what still comes is dropped, so that the caller can read it.
        case lingering
    }

    private let backend: Backend
    private var state = State.resting
    private var keepsAlive = true
    private var isHead = false
    /// The bytes of the shared budget that this connection holds.
    private var reserved = 0
    private var deadline: Deadline?
    /// Goes off no later than the deadline; there is one, and it is not set anew for each of the
    /// deadlines of a request, which all pass by.
    private var alarm: (time: NIODeadline, task: Scheduled<Void>)?

    /// When what is waited for has to have come, and what is done if it has not.
    private struct Deadline {
        let time: NIODeadline
        let pass: () -> Void
    }

    init(_ backend: Backend) {
        self.backend = backend
    }

    func channelActive(context: ChannelHandlerContext) {
        rest(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline = nil
        alarm?.task.cancel()
        alarm = nil
        release()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): take(bytes, context)
        case .end: end(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        if case .answering = state {
            keepsAlive = false
        } else {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .resting where error is HTTPParserError: dismiss(.malformed, context)
        case .receiving where error is HTTPParserError:
            answer(.malformed, context, isLast: true)
        case .lingering: break
        default: context.close(promise: nil)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .resting = state else { return }
        deadline = nil
        // A caller that sends requests and reads no answers would fill the memory.
        guard context.channel.isWritable else {
            context.close(promise: nil)
            return
        }
        keepsAlive = head.isKeepAlive
        isHead = head.method == .HEAD
        let request = RequestHead(head)
        switch backend.isStopping ? .reply(.unavailable) : backend.router.decide(request) {
        case .reply(let reply): refuse(reply, request, context)
        case .show(let page): refuse(backend.page(page), request, context)
        case .receive(let destination):
            if request.only("expect")?.lowercased() == "100-continue" {
                let head = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            }
            state = .receiving(request, destination, ByteBuffer())
            schedule(backend.limits.bodyTime, context) { [self] in
                answer(.slow.counted(as: destination.page), context, isLast: true)
            }
        }
    }

    /// Answers without a look at the body; when there is one, the connection ends with the answer.
    private func refuse(_ reply: Reply, _ head: RequestHead, _ context: ChannelHandlerContext) {
        let length = head.only("content-length") ?? "0"
        if head.has("transfer-encoding") || length != "0" {
            answer(reply, context, isLast: true)
        } else {
            state = .ending(reply)
        }
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .receiving(let head, let destination, var body) = state else { return }
        let count = bytes.readableBytes
        guard body.readableBytes + count <= backend.limits.bodyBytes else {
            answer(.tooLarge, context, isLast: true)
            return
        }
        guard backend.reserve(count) else {
            let seconds = backend.limits.retryAfterSeconds
            answer(.busy(retryAfterSeconds: seconds), context, isLast: true)
            return
        }
        reserved += count
        // Taken out first, so that the buffer has one owner and is not copied.
        state = .answering
        body.writeImmutableBuffer(bytes)
        state = .receiving(head, destination, body)
    }

    private func end(_ context: ChannelHandlerContext) {
        switch state {
        case .ending(let reply): answer(reply, context)
        case .receiving(let head, let destination, let body):
            deadline = nil
            state = .answering
            backend.receive(
                Array(body.readableBytesView),
                head,
                for: destination,
                on: context.eventLoop
            )
            .assumeIsolated()
            .whenSuccess { [self] reply in answer(reply, context) }
        case .resting, .answering, .lingering: break
        }
    }

    /// Writes the answer and then rests, or ends the connection.
    private func answer(_ reply: Reply, _ context: ChannelHandlerContext, isLast: Bool = false) {
        guard context.channel.isActive else { return }
        let isLast = isLast || !keepsAlive || backend.isStopping
        release()
        backend.count(reply)
        let (head, body) = message(reply, isLast)
        // Set before the end is written: the next request may come in while that is done.
        state = isLast ? .lingering : .resting
        deadline = nil
        let sent = context.eventLoop.makePromise(of: Void.self)
        if !isLast { rest(context) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead, !body.isEmpty {
            let bytes = context.channel.allocator.buffer(string: body)
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
        watch(sent.futureResult, isLast: isLast, context)
    }

    /// Ends the connection of a caller that does not take its answer, and after the last one.
    private func watch(
        _ sent: EventLoopFuture<Void>,
        isLast: Bool,
        _ context: ChannelHandlerContext
    ) {
        var isOver = false
        var timer: Scheduled<Void>?
        sent.assumeIsolated().whenComplete { [self] result in
            isOver = true
            timer?.cancel()
            if isLast, case .success = result { linger(context) }
        }
        // As a rule it is on its way by now.
        guard !isOver else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(
            in: TimeAmount(backend.limits.bodyTime)
        ) { context.close(promise: nil) }
    }

    private func message(_ reply: Reply, _ isLast: Bool) -> (HTTPResponseHead, String) {
        var headers = HTTPHeaders([
            ("Content-Type", reply.contentType),
            ("Content-Length", String(reply.body.utf8.count)),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ])
        for header in reply.headers { headers.add(name: header.name, value: header.value) }
        if isLast { headers.add(name: "Connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: reply.status)
        return (
            HTTPResponseHead(version: .http1_1, status: status, headers: headers), reply.body
        )
    }

    /// Waits for the next request; a head that is not whole in time ends the connection.
    private func rest(_ context: ChannelHandlerContext) {
        state = .resting
        schedule(backend.limits.headTime, context) { [self] in
            dismiss(.slow, context)
        }
    }

    /// Answers what never became a request, and ends the connection.
    ///
    /// The library takes an answer without a request for a mistake, so it goes out past it.
    private func dismiss(_ reply: Reply, _ context: ChannelHandlerContext) {
        let type = HTTPResponseEncoder.self
        // Without the encoder the connection has been taken apart already.
        guard let exit = try? context.pipeline.syncOperations.context(handlerType: type) else {
            context.close(promise: nil)
            return
        }
        backend.count(reply)
        state = .lingering
        let status = HTTPResponseStatus(statusCode: reply.status)
        let text =
            "HTTP/1.1 \(reply.status) \(status.reasonPhrase)\r\n"
            + "Content-Type: \(reply.contentType)\r\n"
            + "Content-Length: \(reply.body.utf8.count)\r\nConnection: close\r\n\r\n\(reply.body)"
        exit.writeAndFlush(NIOAny(context.channel.allocator.buffer(string: text)), promise: nil)
        linger(context)
    }

    /// Ends our side and gives the caller a second to read the answer: closing at once, with input
    /// unread, could destroy it on its way.
    private func linger(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        schedule(.seconds(1), context) { context.close(promise: nil) }
    }

    private func schedule(
        _ time: Duration,
        _ context: ChannelHandlerContext,
        _ body: @escaping () -> Void
    ) {
        let end = context.eventLoop.now + TimeAmount(time)
        deadline = Deadline(time: end, pass: body)
        if let alarm, alarm.time <= end { return }
        setAlarm(end, context)
    }

    private func setAlarm(_ time: NIODeadline, _ context: ChannelHandlerContext) {
        alarm?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [self] in
            alarm = nil
            guard let deadline else { return }
            guard deadline.time <= time else { return setAlarm(deadline.time, context) }
            self.deadline = nil
            deadline.pass()
        }
        alarm = (time, task)
    }

    private func release() {
        backend.unreserve(reserved)
        reserved = 0
    }
}

extension RequestHead {
    init(_ head: HTTPRequestHead) {
        method = head.method.rawValue
        target = head.uri
        headers = head.headers.map { ($0.name.lowercased(), $0.value) }
    }
}
