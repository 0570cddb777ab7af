// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a model's last words are no answer.
package enum ReplyFault: Error, Hashable, CustomStringConvertible {
    /// There is something beside the JSON value, or none at all.
    case prose
    /// It is no JSON, or more than one value; with what the parser says.
    case malformed(String)
    /// It has not the form that was asked for; with the member.
    case form(String)

    package var description: String {
        switch self {
        case .prose:
            "expected one JSON value, bare or in one fence, and nothing beside it"
        case .malformed(let reason): "no JSON: \(reason)"
        case .form(let reason): reason
        }
    }
}
