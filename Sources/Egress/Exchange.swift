// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP
import NIOCore

/// Sends one request on and hands the reply back while it comes.
struct Exchange: Sendable {
    let gate: EgressGate
    let channel: any Channel
    let request: HTTPRequest
    let label: String
    /// What must not reach the agent.
    let secret: String?

    /// The connection to the agent has failed or is too slow.
    private struct AgentGone: Error {}

    /// Does all of it and tells what came of it.
    func run() async {
        var received = 0
        let sent = request.body?.count ?? 0
        do {
            let reply = try await gate.client.open(request)
            received = try await pass(reply, counting: &received)
            gate.tell(label, "\(reply.head.status)", sent: sent, received: received)
        } catch let error as HTTPError {
            await giveUp(error, received: received)
        } catch let refusal as Refusal {
            gate.tell(label, refusal.sentence, sent: sent, received: received)
            channel.close(promise: nil)
            return
        } catch {
            gate.tell(label, "the agent did not take the reply", sent: sent, received: received)
            channel.close(promise: nil)
            return
        }
        Farewell.say(on: channel)
    }

    private func pass(_ reply: HTTPReply, counting received: inout Int) async throws -> Int {
        let framing = ReplyFraming(reply.head, method: request.method, secret: secret)
        var secrets = SecretGuard(secret)
        try await write(framing.head)
        while let piece = try await reply.body.next() {
            received += piece.count
            guard let passed = secrets.pass(piece) else {
                throw Refusal.forbidden("the reply held the credential and was cut off")
            }
            try await write(framing.part(passed))
        }
        try await write(framing.part(secrets.rest()) + framing.end)
        return received
    }

    /// Answers for a server that did not, or cuts a reply off that has begun.
    private func giveUp(_ error: HTTPError, received: Int) async {
        gate.tell(label, error.code.rawValue, sent: request.body?.count ?? 0, received: received)
        guard received == 0, let refusal = Self.refusal(error, label) else {
            channel.close(promise: nil)
            return
        }
        // An agent that has gone needs no answer.
        try? await write(Array(refusal.text.utf8))
    }

    private static func refusal(_ error: HTTPError, _ label: String) -> Refusal? {
        switch error.code {
        case .cancelled, .closed: nil
        case .addressRefused:
            .forbidden("\(label) leads to a private address; name that address as well")
        case .invalidRequest: .malformed
        case .connectTimedOut, .firstByteTimedOut, .idleTimedOut, .totalTimedOut:
            Refusal(status: 504, sentence: "\(label): \(error.reason)")
        default: .badGateway("\(label): \(error.reason)")
        }
    }

    /// Writes and waits until the agent has taken it, within the limit of time.
    private func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        let channel = channel
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(gate.limits.idleTime)) {
            channel.close(promise: nil)
        }
        defer { timer.cancel() }
        do {
            try await channel.writeAndFlush(channel.allocator.buffer(bytes: bytes))
        } catch {
            throw AgentGone()
        }
    }
}
