// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics

/// One message of JSON-RPC 2.0, in either direction.
package enum Message: Sendable, Hashable {
    /// Something is asked and has to be answered.
    case request(RequestID, method: String, params: JSON)
    /// Something is told.
    case notice(method: String, params: JSON)
    /// The answer to a request.
    case response(RequestID, result: JSON)
    /// The answer to a request that was not carried out; without an id when it could not be read.
    case failure(RequestID?, Fault)

    /// The most values in one message: a few bytes of text make a value that takes many.
    package static let valueLimit = 1_000_000

    /// Reads a message.
    /// - Throws: A ``Fault`` with the code of JSON-RPC, ready to be sent back.
    package init(parsing line: some Collection<UInt8>) throws(Fault) {
        let json: JSON
        do {
            json = try JSON(parsing: line, valueLimit: Self.valueLimit)
        } catch {
            throw Fault(Fault.parseError, "not readable as JSON: \(error)")
        }
        try self.init(json)
    }

    /// Reads a message that is JSON already.
    /// - Throws: A ``Fault`` when it is none.
    package init(_ json: JSON) throws(Fault) {
        guard case .object = json else {
            throw Fault(Fault.invalidRequest, "expected one object, found \(json.kind)")
        }
        guard json["jsonrpc"]?.stringValue == "2.0" else {
            throw Fault(Fault.invalidRequest, "the member jsonrpc must be \"2.0\"")
        }
        let id = RequestID(json["id"])
        if let method = json["method"] {
            self = try Self.readCall(method, json, id)
        } else if let error = json["error"] {
            self = .failure(id, Fault(error))
        } else if let id, let result = json["result"] {
            self = .response(id, result: result)
        } else {
            throw Fault(Fault.invalidRequest, "neither a method with a name nor an answer with id")
        }
    }

    private static func readCall(
        _ method: JSON,
        _ json: JSON,
        _ id: RequestID?
    ) throws(Fault) -> Message {
        guard let method = method.stringValue else {
            throw Fault(Fault.invalidRequest, "the method must be a text")
        }
        let params = json["params"] ?? .object([])
        guard case .object = params else {
            throw Fault(Fault.invalidParameters, "params must be an object")
        }
        guard json["id"] != nil else { return .notice(method: method, params: params) }
        guard let id else {
            throw Fault(Fault.invalidRequest, "the id must be a whole number or a text")
        }
        return .request(id, method: method, params: params)
    }

    /// The message as one object.
    package var json: JSON {
        var members: [JSON.Member] = [.init("jsonrpc", "2.0")]
        switch self {
        case .request(let id, let method, let params):
            members += [
                .init("id", id.json), .init("method", .string(method)), .init("params", params),
            ]
        case .notice(let method, let params):
            members += [.init("method", .string(method)), .init("params", params)]
        case .response(let id, let result):
            members += [.init("id", id.json), .init("result", result)]
        case .failure(let id, let fault):
            members += [.init("id", id?.json ?? .null), .init("error", fault.json)]
        }
        return .object(members)
    }

    /// The message on one line.
    package var bytes: [UInt8] { json.compactBytes }
}
