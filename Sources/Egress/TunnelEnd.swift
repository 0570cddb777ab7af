// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One end of a tunnel: gives what comes to the tunnel.
final class TunnelEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let tunnel: Tunnel
    private let isNear: Bool

    init(_ tunnel: Tunnel, isNear: Bool) {
        self.tunnel = tunnel
        self.isNear = isNear
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        tunnel.carry(unwrapInboundIn(data), fromNear: isNear)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        tunnel.balance()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { tunnel.halfClosed(near: isNear) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tunnel.close()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        tunnel.close("the connection broke")
    }
}
