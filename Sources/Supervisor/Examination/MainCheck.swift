// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Looks whether agents can start from what `main` holds.
struct MainCheck: ExaminationCheck {
    let scene: ExaminedDesk

    var name: String { "main" }

    func look() throws -> ExaminationResult {
        do {
            try scene.desk.requireReady()
        } catch let error as SupervisorError {
            return ExaminationResult([
                Finding(.mainNotReady, at: "main", error.message, remedy: error.hint)
            ])
        }
        return ExaminationResult(detail: "main is checked out and has no uncommitted changes")
    }
}
