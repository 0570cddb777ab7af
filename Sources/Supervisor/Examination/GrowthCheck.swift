// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Git

/// Looks whether more has gathered than a desk that tidies itself would leave.
struct GrowthCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "growth" }

    /// A desk merges packs long before there are so many.
    static let manyPacks = 200

    func look() throws -> ExaminationResult {
        let packs = try scene.desk.repository.packCount()
        guard packs > Self.manyPacks else { return ExaminationResult(detail: "\(packs) packs") }
        return ExaminationResult([
            Finding(
                .maintenanceDue,
                at: ".git/objects/pack",
                "\(packs) packs have gathered",
                remedy: "run loopdesk maintain, as a running desk does by itself"
            )
        ])
    }
}
