// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The lines that pass between a supervisor and an agent's process: JSON-RPC 2.0, one a line.
///
/// The supervisor sends `agent/start` once and `turn/run` for each turn. The agent answers each
/// with a result or an error and writes its files before it answers a turn. In between it may send
/// `agent/beat`, a notification without parameters, as a sign of life.
public enum TurnContract {
    /// The first request to a process; its parameters are an ``AgentContext``.
    public static let startMethod = "agent/start"
    /// The request for one turn.
    public static let runMethod = "turn/run"
    /// The notification by which a process says that it lives.
    public static let beatMethod = "agent/beat"
    /// The member of the answer to `agent/start` that announces beats.
    public static let beatsMember = "beats"
    /// The folder in a worktree that holds the delivered signals.
    public static let inbox = "inbox"
    /// The folder into which an agent renames finished files.
    public static let outbox = "outbox"
    /// The folder for scratch files.
    public static let work = "work"
    /// The longest line, in bytes, that either side reads.
    public static let lineLimitBytes = 4 << 20
    /// The longest summary, in Unicode scalars, that is kept of a reply.
    public static let summaryLimit = 120

    /// The parameters of `turn/run`.
    public struct Run: Sendable, Hashable {
        /// The number of the turn.
        public let turn: Int
        /// Desk time.
        public let time: Instant

        /// Creates the parameters.
        public init(turn: Int, time: Instant) {
            self.turn = turn
            self.time = time
        }

        /// The parameters as JSON.
        public var json: JSON {
            ["turn": .int(Int64(turn)), "time": .string(time.description)]
        }

        /// Reads the parameters.
        /// - Throws: A ``JSONError`` that names the member.
        public init(json: JSON) throws(JSONError) {
            let fields = try JSONFields(json, path: TurnContract.runMethod)
            self.init(turn: try fields.int("turn"), time: try fields.instant("time"))
        }
    }

    /// The bytes of a request, without the line feed.
    public static func request(id: Int, method: String, parameters: JSON) -> [UInt8] {
        let message: JSON = [
            "jsonrpc": "2.0", "id": .int(Int64(id)), "method": .string(method),
            "params": parameters,
        ]
        return message.compactBytes
    }

    /// The bytes of a successful answer, without the line feed.
    public static func reply(id: JSON, result: JSON) -> [UInt8] {
        (["jsonrpc": "2.0", "id": id, "result": result] as JSON).compactBytes
    }

    /// The bytes of a failed answer, without the line feed.
    public static func failure(id: JSON, code: Int, message: String) -> [UInt8] {
        let error: JSON = ["code": .int(Int64(code)), "message": .string(message)]
        return (["jsonrpc": "2.0", "id": id, "error": error] as JSON).compactBytes
    }

    /// The result of an answer to the request of that id.
    /// - Throws: A ``DeskError`` with code `contract` when the line is no such answer or an error.
    public static func result(of line: [UInt8], id: Int, from agent: String) throws(DeskError)
        -> JSON
    {
        let message: JSON
        do {
            message = try JSON(parsing: line)
        } catch {
            throw DeskError(
                code: .contract,
                file: agent,
                message: "the answer is no JSON: \(error)"
            )
        }
        guard message["jsonrpc"]?.stringValue == "2.0", message["id"]?.intValue == id else {
            throw DeskError(
                code: .contract,
                file: agent,
                message: "the answer is not a JSON-RPC 2.0 reply to request \(id)"
            )
        }
        if let error = message["error"], error != .null {
            let text = error["message"]?.stringValue ?? error.compactText
            throw DeskError(code: .contract, file: agent, message: sanitised(summary: text))
        }
        guard let result = message["result"] else {
            throw DeskError(code: .contract, file: agent, message: "the answer has no result")
        }
        return result
    }

    /// A summary as it may stand in a commit: one line, printable, of bounded length, not empty.
    public static func sanitised(summary: String) -> String {
        let breaking: [Unicode.GeneralCategory] = [
            .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator,
        ]
        let words = summary.unicodeScalars
            .split { breaking.contains($0.properties.generalCategory) }
            .map { String($0) }
            .joined(separator: " ")
        // Counted in scalars, because one character may be made of any number of them.
        var text = words.unicodeScalars.prefix(summaryLimit)
        if text.last == " " { text.removeLast() }
        return text.isEmpty ? "no summary" : String(text)
    }
}
