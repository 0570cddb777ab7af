// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Carries bytes between an agent and a host, within limits; lives on the loop of both channels.
final class Tunnel {
    private let gate: EgressGate
    private let label: String
    private let near: any Channel
    private let far: any Channel
    private var sent = 0
    private var received = 0
    private var lastMoment: Duration
    private var isClosed = false
    private var hasNearEnded = false
    private var hasFarEnded = false
    private var lifeTimer: Scheduled<Void>?
    private var idleTimer: Scheduled<Void>?

    init(gate: EgressGate, label: String, near: any Channel, far: any Channel) {
        self.gate = gate
        self.label = label
        self.near = near
        self.far = far
        lastMoment = gate.surroundings.now()
    }

    /// Begins to carry.
    func open() {
        lifeTimer = near.eventLoop.assumeIsolated().scheduleTask(
            in: TimeAmount(gate.limits.totalTime)
        ) { [self] in close("it lasted too long") }
        watchIdle(for: gate.limits.idleTime)
        balance()
    }

    /// Hands bytes to the other end; more than the limit ends the tunnel.
    func carry(_ bytes: ByteBuffer, fromNear: Bool) {
        lastMoment = gate.surroundings.now()
        if fromNear { sent += bytes.readableBytes } else { received += bytes.readableBytes }
        guard sent <= gate.limits.carriedBytes, received <= gate.limits.carriedBytes else {
            return close("more than \(gate.limits.carriedBytes) bytes in one direction")
        }
        other(than: fromNear).writeAndFlush(bytes, promise: nil)
        balance()
    }

    /// Reads from an end only while the other takes what it is given.
    func balance() {
        set(near, reads: far.isWritable)
        set(far, reads: near.isWritable)
    }

    private func set(_ channel: any Channel, reads: Bool) {
        guard channel.isActive, !isClosed else { return }
        channel.setOption(ChannelOptions.autoRead, value: reads).whenFailure { _ in }
    }

    /// One end will say nothing more; with the second one the tunnel is over.
    func halfClosed(near isNear: Bool) {
        if isNear { hasNearEnded = true } else { hasFarEnded = true }
        guard !(hasNearEnded && hasFarEnded) else { return finish(writingTo: isNear) }
        other(than: isNear).close(mode: .output, promise: nil)
    }

    /// Ends both sides and tells what was carried; only the first call counts.
    func close(_ outcome: String = "tunnel") {
        guard !isClosed else { return }
        isClosed = true
        lifeTimer?.cancel()
        idleTimer?.cancel()
        near.close(promise: nil)
        far.close(promise: nil)
        gate.tell(label, outcome, sent: sent, received: received)
    }

    /// Closes once what was given to the last end has gone out.
    private func finish(writingTo isNear: Bool) {
        other(than: isNear).close(mode: .output).assumeIsolated().whenComplete { [self] _ in
            close()
        }
    }

    private func other(than isNear: Bool) -> any Channel { isNear ? far : near }

    private func watchIdle(for time: Duration) {
        idleTimer = near.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) {
            [self] in
            let idle = gate.surroundings.now() - lastMoment
            guard idle < gate.limits.idleTime else { return close("nothing came for too long") }
            watchIdle(for: gate.limits.idleTime - idle)
        }
    }
}
