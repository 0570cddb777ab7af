// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Looks what agents wrote that the desk refused.
struct RefusedCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "refused output" }

    func look() throws -> ExaminationResult {
        let ids = try RefusedStore(scene.desk.folder).ids()
        let findings = Dictionary(grouping: ids, by: \.agent)
            .sorted { $0.key < $1.key }
            .map { agent, ids in
                let what = ids.count == 1 ? "one output was" : "\(ids.count) outputs were"
                let newest = ids.map(\.description).last ?? ""
                return Finding(
                    .refusedKept,
                    at: agent.description,
                    "\(what) refused and kept, the last as \(newest)",
                    remedy: "look with: loopdesk refused show \(newest)"
                )
            }
        return ExaminationResult(findings, detail: "nothing was refused")
    }
}
