// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// A conversation in the words of the model that it is for.
public struct ModelPrompt: Sendable, Hashable {
    private let family: ModelConfiguration.Family
    private let body: JSON

    /// Puts a conversation into a model's words.
    public init(_ conversation: Conversation, to model: ModelConfiguration) {
        family = model.family
        body = model.wire.body(of: conversation)
    }

    /// What a call is recorded by: everything that can change its answer, and no secret.
    public var hash: ContentHash {
        let request: JSON = ["family": .string(family.rawValue), "body": body]
        return ContentHash(of: request.canonicalBytes)
    }

    /// What is sent.
    var bytes: [UInt8] { body.compactBytes }
}
