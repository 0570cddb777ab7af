// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Takes a webhook in: verifies it, then looks at it, then puts it into the spool.
struct HookReceiver: Sendable {
    let hooks: [AgentName: WebhookVerifier]
    let spool: TriggerSpool
    let wall: any WallClock
    let retryAfterSeconds: Int

    /// Blocks until the request is on the disk.
    func receive(_ body: [UInt8], _ head: RequestHead, for agent: AgentName) -> Reply {
        guard let verifier = hooks[agent] else { return .unknown }
        let now = wall.now()
        let id: String
        switch verifier.verify(body: body, now: now, header: head.only) {
        case .genuine(let found): id = found
        case .malformed: return .malformed.counted(as: "hooks")
        case .refused: return .unauthorized
        }
        // The body is genuine and may still be no JSON.
        guard (try? JSON(parsing: body)) != nil,
            let request = TriggerRequest(
                agent: agent,
                kind: .webhook,
                id: id,
                payload: body,
                time: now
            )
        else { return .malformed.counted(as: "hooks") }
        do {
            switch try spool.accept(request) {
            case .new, .duplicate: return .accepted
            case .full: return .busy(retryAfterSeconds: retryAfterSeconds)
            }
        } catch {
            // A full or broken disk; the sender tries again, and doctor tells why.
            return .unavailable.counted(as: "hooks")
        }
    }
}
