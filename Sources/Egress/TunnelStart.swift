// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP
import NIOCore
import NIOPosix

/// Connects to a host and makes a tunnel of it and an agent's connection.
struct TunnelStart: Sendable {
    let gate: EgressGate
    let host: String
    let port: Int

    private var label: String { "\(host):\(port)" }

    /// Begins; what goes wrong is answered on the agent's connection.
    func begin(on channel: any Channel) {
        let loop = channel.eventLoop
        // Until the tunnel stands nothing more is taken from the agent.
        channel.setOption(ChannelOptions.autoRead, value: false)
            .flatMap { [gate, host] in
                gate.surroundings.workers.runIfActive(eventLoop: loop) {
                    try gate.addresses(of: host)
                }
            }
            .flatMap { [self] in connect(to: $0[...], on: loop) }
            .whenComplete { [self] result in
                switch result {
                case .success(let far): join(channel, far)
                case .failure(let error):
                    answer(
                        error as? Refusal ?? .badGateway("\(label) cannot be connected to"),
                        on: channel
                    )
                }
            }
    }

    /// Tries one address after another.
    private func connect(
        to addresses: ArraySlice<IPAddress>,
        on loop: any EventLoop
    ) -> EventLoopFuture<any Channel> {
        guard let address = addresses.first,
            // Numeric addresses need no lookup, so this does not wait.
            let place = try? SocketAddress(ipAddress: address.description, port: port)
        else { return loop.makeFailedFuture(Refusal.badGateway("\(label) has no address")) }
        return ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(gate.limits.connectTime))
            .channelOption(ChannelOptions.autoRead, value: false)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .connect(to: place)
            .flatMapError { [self] error in
                addresses.count > 1
                    ? connect(to: addresses.dropFirst(), on: loop) : loop.makeFailedFuture(error)
            }
    }

    /// Says that the tunnel stands, and puts its two ends in place of everything else.
    private func join(_ near: any Channel, _ far: any Channel) {
        near.eventLoop.assertInEventLoop()
        let tunnel = Tunnel(gate: gate, label: label, near: near, far: far)
        let pipeline = near.pipeline.syncOperations
        do {
            try far.pipeline.syncOperations.addHandler(TunnelEnd(tunnel, isNear: false))
            try pipeline.addHandler(TunnelEnd(tunnel, isNear: true))
            let greeting = "HTTP/1.1 200 Connection established\r\n\r\n"
            near.writeAndFlush(near.allocator.buffer(string: greeting), promise: nil)
            let exit = try pipeline.context(name: "exit")
            let decoder = try pipeline.context(name: "decoder")
            // Bytes that the decoder still has must meet the tunnel's end and nothing before it.
            pipeline.removeHandler(context: exit)
                .assumeIsolated()
                .flatMap { near.pipeline.syncOperations.removeHandler(context: decoder) }
                .whenComplete { _ in tunnel.open() }
        } catch {
            tunnel.close("the agent has gone")
        }
    }

    private func answer(_ refusal: Refusal, on channel: any Channel) {
        gate.tell(label, refusal)
        let bytes = channel.allocator.buffer(string: refusal.text)
        channel.writeAndFlush(bytes, promise: nil)
        Farewell.say(on: channel)
    }
}
