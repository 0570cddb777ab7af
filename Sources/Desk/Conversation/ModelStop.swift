// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a model has stopped.
public enum ModelStop: String, Sendable, Hashable, CaseIterable {
    /// It had said everything.
    case finished
    /// It waits for results of tools.
    case toolUse = "tool_use"
    /// It came to the most tokens of an answer, so that the answer may be cut.
    case mostTokens = "most_tokens"
    /// Prompt and answer together filled what it can read at once.
    case contextFull = "context_full"
    /// It came to a text at which it was told to stop.
    case stopSequence = "stop_sequence"
    /// It, or a filter before it, refused.
    case refused
    /// It wants its own turn back to go on.
    case paused
    /// The server says something that is not known here, or nothing.
    case unknown
}
