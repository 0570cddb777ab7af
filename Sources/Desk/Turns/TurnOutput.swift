// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What a turn says and remembers.
public struct TurnOutput: Sendable, Hashable {
    /// The signals to publish, in order.
    public var signals: [Draft] = []
    /// The reasoning to keep for people; it is delivered to nobody.
    public var notes: [String] = []
    /// The memory for the next turn.
    public var state: StateFile
    /// One line about the turn for the log.
    public var summary: String

    /// A signal before it is published.
    public struct Draft: Sendable, Hashable {
        /// What it is about.
        public let topic: Topic
        /// What it says.
        public let body: JSON

        /// Creates a draft.
        public init(_ topic: Topic, _ body: JSON) {
            self.topic = topic
            self.body = body
        }
    }

    /// Creates an output that says nothing yet.
    public init(state: StateFile, summary: String) {
        self.state = state
        self.summary = summary
    }

    /// Adds a signal.
    public mutating func say(_ topic: Topic, _ body: JSON) {
        signals.append(Draft(topic, body))
    }
}
