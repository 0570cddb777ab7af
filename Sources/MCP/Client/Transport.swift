// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics

/// A request on its way out.
package struct OutgoingRequest: Sendable {
    /// The number that the answer has to carry; it is the token of its progress as well.
    package let number: Int64
    package let method: String
    package let params: JSON
    package let limits: CallLimits
    /// Told each rise of the progress.
    package let onProgress: (@Sendable (Progress) -> Void)?
    /// Values that HTTP carries in headers as well, beside those that follow from the method.
    package var headers: [(name: String, value: String)] = []
    /// Whether carrying it out twice does no harm, so that HTTP may send it over a connection that
    /// was used before and may just have died.
    package var isRepeatable = false

    package init(
        number: Int64,
        method: String,
        params: JSON,
        limits: CallLimits,
        onProgress: (@Sendable (Progress) -> Void)? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.number = number
        self.method = method
        self.params = params
        self.limits = limits
        self.onProgress = onProgress
        self.headers = headers
    }

    package var id: RequestID { .number(number) }

    package var message: Message { .request(id, method: method, params: params) }

    /// Whether the other side may be told that nobody waits any more.
    var mayBeCancelled: Bool { method != "initialize" && method != "server/discover" }

    /// The operation in error messages.
    var operation: String {
        guard let name = params["name"]?.stringValue ?? params["uri"]?.stringValue else {
            return method
        }
        return "\(method) \(name.prefix(80))"
    }
}

/// The way to a server; a test has one whose other end follows a script.
package protocol Transport: Sendable {
    /// Sends a request and waits for its answer.
    ///
    /// A timeout or a cancelled task tells the server that nobody waits any more.
    /// - Returns: The result.
    /// - Throws: `refused` with the server's fault; `mayHaveArrived` says whether the request may
    ///   have been carried out when there is no answer.
    func call(_ request: OutgoingRequest) async throws(MCPError) -> JSON

    /// Sends what has no answer.
    func tell(_ message: Message) async throws(MCPError)

    /// Is told the revision that both sides have agreed on.
    func settle(on revision: Revision)

    /// Ends the connection, and the server if it was started by it.
    func close() async
}
