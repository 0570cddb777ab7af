// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What ties an answer to its request: a whole number or a text, unique for its sender.
public enum RequestID: Sendable, Hashable, CustomStringConvertible {
    /// A whole number.
    case number(Int64)
    /// A text.
    case text(String)

    /// Reads an id; nil for anything else, null included.
    public init?(_ json: JSON?) {
        switch json {
        case .int(let number): self = .number(number)
        case .string(let text): self = .text(text)
        default: return nil
        }
    }

    /// The id as it stands in a message.
    public var json: JSON {
        switch self {
        case .number(let number): .int(number)
        case .text(let text): .string(text)
        }
    }

    /// The id as a text for people.
    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): "'\(text.prefix(40))'"
        }
    }
}
