// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Something that an agent asks for in the middle of its turn.
struct ChildRequest {
    /// What is asked for.
    enum Kind: String {
        case model
        case tools
        case tool
    }

    let id: JSON
    let kind: Kind
    let parameters: JSON

    /// Reads a line; nil when it is no request at all.
    /// - Throws: A `RequestFailure` for a request that nobody serves.
    init?(_ line: [UInt8]) throws(Unserved) {
        // An answer has no method; whoever reads it says what is wrong with it.
        guard line.contains(Self.mark), let message = try? JSON(parsing: line),
            let method = message["method"]?.stringValue, let id = message["id"], id != .null
        else { return nil }
        self.id = id
        parameters = message["params"] ?? .object([])
        switch method {
        case TurnContract.completeMethod: kind = .model
        case TurnContract.toolsMethod: kind = .tools
        case TurnContract.toolMethod: kind = .tool
        default:
            let words = "no method \(method.prefix(40))"
            throw Unserved(id: id, failure: RequestFailure(code: "unknown", reason: words))
        }
    }

    private static let mark = Array("\"method\"".utf8)

    /// A request that nobody serves, and what is answered.
    struct Unserved: Error {
        let id: JSON
        let failure: RequestFailure
    }

    /// By what the request is known on the tape; a model's is made of what is sent to it.
    var hash: ContentHash {
        let request: JSON = ["kind": .string(kind.rawValue), "params": parameters]
        return ContentHash(of: request.canonicalBytes)
    }
}
