// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Answers one request of an agent here.
struct LocalExchange: Sendable {
    let gate: EgressGate
    let channel: any Channel
    let head: LocalRoute.Head
    let body: [UInt8]

    /// Does all of it and tells what came of it.
    func run() async {
        guard let local = gate.local else { return }
        let answer = await local.answer(head, body)
        let buffer = channel.allocator.buffer(bytes: answer.bytes)
        do {
            try await channel.writeAndFlush(buffer)
        } catch {
            gate.tell(local.label, "the agent did not take the reply", sent: body.count)
            channel.close(promise: nil)
            return
        }
        gate.tell(
            local.label,
            "\(answer.status)",
            sent: body.count,
            received: answer.body.count
        )
        Farewell.say(on: channel)
    }
}
