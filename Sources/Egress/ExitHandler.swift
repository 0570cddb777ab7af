// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTP
import NIOCore
import NIOHTTP1

/// Leads one connection of an agent: one request, sent on or refused, or one tunnel.
///
/// Connections are not used for a second request. They lead to the same computer and cost little,
/// and those that lead outside are kept by the client.
final class ExitHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    /// A request whose body comes in.
    private struct Incoming {
        let method: String
        let headers: [HTTPHeader]
        let label: String
        /// Where it is sent; nil when it is answered here.
        let destination: (url: String, route: CredentialRoute?)?
        var body = ByteBuffer()
    }

    private enum State {
        case waiting
        case receiving(Incoming)
        case connecting(host: String, port: Int)
        /// The answer is under way, or the connection belongs to a tunnel.
        case handedOver
        /// The last answer is written; what still comes is dropped, so that it can be read.
        case lingering
    }

    private let gate: EgressGate
    private var state = State.waiting
    private var isAdmitted = false
    private var reserved = 0
    private var deadline: Scheduled<Void>?
    /// Sends the request on; cancelled when the agent's connection ends.
    private var sending: Task<Void, Never>?

    init(_ gate: EgressGate) {
        self.gate = gate
    }

    func channelActive(context: ChannelHandlerContext) {
        if let refusal = gate.admit() {
            refuse(refusal, "-", context)
        } else {
            isAdmitted = true
            // Counted as long as the connection lasts, also as a tunnel without this handler.
            context.channel.closeFuture.whenComplete { [gate] _ in gate.dismiss() }
            schedule(gate.limits.headTime, context) { [self] in
                refuse(.slow, "-", context)
            }
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        sending?.cancel()
        gate.unreserve(reserved)
        reserved = 0
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
        switch state {
        case .handedOver, .connecting: break
        default: context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .waiting where error is HTTPParserError, .receiving where error is HTTPParserError:
            refuse(.malformed, "-", context)
        case .lingering: break
        default: context.close(promise: nil)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .waiting = state else { return }
        deadline?.cancel()
        let method = head.method.rawValue
        switch gate.decide(method: method, target: head.uri) {
        case .refuse(let refusal): refuse(refusal, Self.place(head.uri), context)
        case .tunnel(let host, let port): state = .connecting(host: host, port: port)
        case .send(let url, let label, let route):
            receive(head, label, (url, route), context)
        case .answer:
            receive(head, gate.local?.label ?? "-", nil, context)
        }
    }

    private func receive(
        _ head: HTTPRequestHead,
        _ label: String,
        _ destination: (url: String, route: CredentialRoute?)?,
        _ context: ChannelHandlerContext
    ) {
        let headers = head.headers.map { HTTPHeader($0.name, $0.value) }
        if headers.contains(where: { $0.name == "expect" }) {
            write("HTTP/1.1 100 Continue\r\n\r\n", context)
        }
        state = .receiving(
            Incoming(
                method: head.method.rawValue,
                headers: headers,
                label: label,
                destination: destination
            )
        )
        awaitBody(context)
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .receiving(var incoming) = state else { return }
        guard gate.reserve(bytes.readableBytes) else {
            let sentence = "bodies of more than \(gate.limits.bodyBytes) bytes are not taken"
            return refuse(Refusal(status: 413, sentence: sentence), incoming.label, context)
        }
        reserved += bytes.readableBytes
        // Taken out first, so that the buffer has one owner and is not copied.
        state = .handedOver
        incoming.body.writeImmutableBuffer(bytes)
        state = .receiving(incoming)
        awaitBody(context)
    }

    private func end(_ context: ChannelHandlerContext) {
        switch state {
        case .receiving(let incoming):
            deadline?.cancel()
            state = .handedOver
            sendOn(incoming, on: context.channel)
        case .connecting(let host, let port):
            state = .handedOver
            TunnelStart(gate: gate, host: host, port: port).begin(on: context.channel)
        case .waiting, .handedOver, .lingering: break
        }
    }

    private func sendOn(_ incoming: Incoming, on channel: any Channel) {
        let body = Array(incoming.body.readableBytesView)
        guard let (url, route) = incoming.destination else {
            let head = LocalRoute.Head(
                method: incoming.method,
                headers: incoming.headers.map { ($0.name, $0.value) }
            )
            let answering = LocalExchange(gate: gate, channel: channel, head: head, body: body)
            sending = Task { await answering.run() }
            return
        }
        let request = gate.request(
            incoming.method,
            url,
            incoming.headers,
            body: body,
            route: route
        )
        let exchange = Exchange(
            gate: gate,
            channel: channel,
            request: request,
            label: incoming.label,
            secret: gate.secret(of: route)
        )
        sending = Task { await exchange.run() }
    }

    private func refuse(_ refusal: Refusal, _ target: String, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        deadline?.cancel()
        state = .lingering
        gate.tell(target, refusal)
        write(refusal.text, context)
        Farewell.say(on: context.channel)
    }

    /// The place that a target names, without path and query, in which secrets may stand.
    private static func place(_ target: String) -> String {
        let rest = target.firstRange(of: "://").map { target[$0.upperBound...] } ?? target[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let user = authority.lastIndex(of: "@") else {
            return authority.isEmpty ? "route" : String(authority)
        }
        return String(authority[authority.index(after: user)...])
    }

    private func awaitBody(_ context: ChannelHandlerContext) {
        schedule(gate.limits.bodyTime, context) { [self] in refuse(.slow, "-", context) }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        let buffer = context.channel.allocator.buffer(string: text)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func schedule(
        _ time: Duration,
        _ context: ChannelHandlerContext,
        _ body: @escaping () -> Void
    ) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { body() }
    }
}
