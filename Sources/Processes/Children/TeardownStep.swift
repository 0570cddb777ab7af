// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// One attempt to make a child end, and how long it may take before the next.
public struct TeardownStep: Sendable, Hashable {
    /// What is done to the child.
    public enum Action: Sendable, Hashable {
        /// Ends its input, which asks a well-behaved child to finish.
        case closeInput
        /// Sends a signal to its whole process group.
        case signal(Int32)
    }

    /// What is done.
    public let action: Action
    /// How long the child may take to end after it.
    public let patience: Duration

    /// Creates a step.
    public init(_ action: Action, patience: Duration) {
        self.action = action
        self.patience = patience
    }

    /// End of input for a second, then SIGTERM for two; SIGKILL follows always.
    public static let gentle = [
        TeardownStep(.closeInput, patience: .seconds(1)),
        TeardownStep(.signal(SIGTERM), patience: .seconds(2)),
    ]
}
