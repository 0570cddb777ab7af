// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// An error as it travels: what one side tells the other when it does not do what was asked.
public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind, as numbered by JSON-RPC and the protocol.
    public let code: Int
    /// A sentence of the sender's; untrusted when it comes from the other side.
    public let message: String
    /// Further facts.
    public let data: JSON?

    /// Bundles an error.
    public init(_ code: Int, _ message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The text is no JSON.
    public static let parseError = -32700
    /// The message is JSON and no request.
    public static let invalidRequest = -32600
    /// There is no such method.
    public static let unknownMethod = -32601
    /// The parameters do not fit the method.
    public static let invalidParameters = -32602
    /// The receiver failed.
    public static let internalError = -32603
    /// There is no such resource; handshake revisions only.
    public static let resourceNotFound = -32002
    /// Headers and body of a request contradict each other.
    public static let headerMismatch = -32020
    /// The client lacks a capability that the request needs.
    public static let missingCapability = -32021
    /// The revision is not one that the server speaks.
    public static let unsupportedVersion = -32022

    /// Whether only a server of the stateless revisions says this.
    var isStateless: Bool {
        (Self.unsupportedVersion...Self.headerMismatch).contains(code)
    }

    /// The revisions that a server names when it refuses one.
    var supported: [String] {
        (data?["supported"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// Code and sentence.
    public var description: String { "\(message.prefix(400)) (\(code))" }

    /// Reads the member `error` of a message; what is missing is made up.
    init(_ json: JSON) {
        code = json["code"]?.intValue ?? Self.internalError
        message = json["message"]?.stringValue ?? "no reason is given"
        data = json["data"]
    }

    var json: JSON {
        var members: [JSON.Member] = [
            .init("code", .int(Int64(code))), .init("message", .string(message)),
        ]
        if let data { members.append(.init("data", data)) }
        return .object(members)
    }
}
