// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Supervisor

/// Reads the secrets of the webhooks as a desk does at its start.
struct HookCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "webhooks" }

    func look() -> ExaminationResult {
        let desk = scene.desk
        let hooks = desk.configuration.endpoint == nil ? [] : desk.configuration.agents
        let findings = hooks.compactMap { agent -> Finding? in
            guard let webhook = agent.triggers.webhook else { return nil }
            do {
                _ = try HookEndpoint.verifier(webhook, in: desk.folder.root)
                return nil
            } catch {
                return Finding(
                    .webhookUnusable,
                    at: agent.name.description,
                    "\(error)",
                    remedy: "put the file of secrets right; docs/triggers.md has its form"
                )
            }
        }
        return ExaminationResult(findings, detail: "their secrets can be read")
    }
}
