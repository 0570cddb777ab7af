// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

extension TurnContract {
    /// A request of an agent's, in the middle of a turn, for a model's answer; its parameters are a
    /// ``Conversation`` and its result is a ``ModelAnswer``.
    public static let completeMethod = "model/complete"
    /// A request for the tools of connectors that the agent may call; the result has `tools`.
    public static let toolsMethod = "tool/list"
    /// A request to call one; its parameters are `name` and `arguments`, its result has `text` and
    /// `error`.
    public static let toolMethod = "tool/call"

    /// The code of an answer that says why what was asked for is not to be had.
    public static let refusedCode = -32001

    /// The most requests of one turn.
    public static let requestLimit = 256

    /// The result of an answer to a request of an agent's, or why there is none.
    /// - Throws: A `JSONError` when the line is no such answer.
    public static func outcome(
        of line: [UInt8],
        id: Int
    ) throws(JSONError) -> Result<JSON, RequestFailure> {
        let message = try JSON(parsing: line)
        guard message["jsonrpc"]?.stringValue == "2.0", message["id"]?.intValue == id else {
            throw JSONError("the line is not the answer to request \(id)")
        }
        if let error = message["error"], error != .null {
            return .failure(
                RequestFailure(
                    code: error["data"]?.stringValue ?? "failed",
                    reason: error["message"]?.stringValue ?? "no reason was given"
                )
            )
        }
        guard let result = message["result"] else { throw JSONError("the answer has no result") }
        return .success(result)
    }

    /// The bytes of an answer that refuses what an agent has asked for.
    public static func refusal(id: JSON, _ failure: RequestFailure) -> [UInt8] {
        let error: JSON = [
            "code": .int(Int64(refusedCode)), "message": .string(failure.reason),
            "data": .string(failure.code),
        ]
        return (["jsonrpc": "2.0", "id": id, "error": error] as JSON).compactBytes
    }
}
