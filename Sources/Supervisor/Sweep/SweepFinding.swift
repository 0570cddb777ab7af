// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Something in an agent's worktree that was made harmless.
struct SweepFinding: Hashable, CustomStringConvertible {
    /// What was done.
    enum Action: Hashable {
        /// It got another name, on which no program acts.
        case renamed(to: String)
        /// It was put back as the desk had made it.
        case putBack
        /// It could not be looked at, or not changed.
        case left(reason: String)
    }

    /// Where, from the top of the worktree.
    let path: String
    let action: Action

    /// The action as a word for programs.
    var word: String {
        switch action {
        case .renamed: "renamed"
        case .putBack: "put-back"
        case .left: "left"
        }
    }

    /// The new name, or why nothing was done.
    var detail: String {
        switch action {
        case .renamed(let name): name
        case .putBack: ""
        case .left(let reason): reason
        }
    }

    var description: String {
        switch action {
        case .renamed(let name): "\(path) could harm whoever works there; renamed to \(name)"
        case .putBack: "\(path) had been changed; put back"
        case .left(let reason): "\(path) was not swept: \(reason)"
        }
    }
}
