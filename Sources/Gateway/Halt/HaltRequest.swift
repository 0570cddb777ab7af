// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// What a person asks of the kill switch.
public struct HaltRequest: Sendable, Hashable {
    /// What is asked.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Trade no more.
        case halt
        /// Trade again.
        case resume
    }

    /// Tells one request from the one before it.
    public let number: Int
    /// What is asked.
    public let kind: Kind
    /// Whether everything is to be closed.
    public let flatten: Bool
    /// Why, for people.
    public let reason: String

    /// Creates a request.
    public init(number: Int, _ kind: Kind, flatten: Bool, reason: String) {
        self.number = number
        self.kind = kind
        self.flatten = flatten
        self.reason = reason
    }

    init?(_ json: JSON) {
        guard let number = json["number"]?.intValue,
            let kind = json["kind"]?.stringValue.flatMap({ Kind(rawValue: $0) }),
            let flatten = json["flatten"]?.boolValue, let reason = json["reason"]?.stringValue
        else { return nil }
        self.init(number: number, kind, flatten: flatten, reason: reason)
    }

    var json: JSON {
        [
            "number": .int(Int64(number)), "kind": .string(kind.rawValue),
            "flatten": .bool(flatten), "reason": .string(reason),
        ]
    }
}
