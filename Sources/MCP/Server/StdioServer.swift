// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
public import Processes
import Synchronization

/// A server on two descriptors: a line in, a line out.
///
/// Answers come in the order in which they are ready.
public final class StdioServer: Sendable {
    /// What the first words of the client have settled.
    private enum Era: Sendable {
        case open
        case handshake
        case stateless
    }

    private let server: MCPServer
    private let output: LineOutput
    private let calls = ServerCalls()
    private let era = Mutex(Era.open)
    private let input: Int32
    private let clock: any MonotonicClock

    /// The most bytes of a line.
    public static let lineLimitBytes = 16 << 20

    /// Creates a server over descriptors that somebody else keeps open, such as 0 and 1.
    public init(_ server: MCPServer, input: Int32, output: Int32, clock: any MonotonicClock) {
        self.server = server
        self.input = input
        self.output = LineOutput(output, clock: clock, limitBytes: 4 * Self.lineLimitBytes)
        self.clock = clock
    }

    /// Answers requests until the input ends; blocks.
    /// - Throws: `lineTooLong` for a line beyond the limit, `systemCall` when reading fails.
    public func run() throws(ProcessError) {
        let channel = LineChannel(
            input: input,
            output: input,
            clock: clock,
            limitBytes: Self.lineLimitBytes
        )
        while let line = try channel.readLine() { take(line) }
    }

    /// Waits until everything that was asked is answered.
    public func drain() async { await calls.drain() }

    private func take(_ line: [UInt8]) {
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return }
        let message: Message
        do throws(Fault) {
            message = try Message(parsing: line)
        } catch {
            return send(.failure(nil, error))
        }
        switch message {
        case .request(let id, let method, let params): begin(id, method, params)
        case .notice("notifications/cancelled", let params):
            if let id = RequestID(params["requestId"]) { calls.cancel(id) }
        // Other notices change nothing here, and nothing is ever asked that could be answered.
        case .notice, .response, .failure: break
        }
    }

    private func begin(_ id: RequestID, _ method: String, _ params: JSON) {
        let manner: MCPServer.Manner
        do throws(Fault) {
            manner = try MCPServer.manner(of: params, method: method)
            try settle(manner, method)
        } catch {
            return send(.failure(id, error))
        }
        if let refusal = calls.begin(id) { return send(.failure(id, refusal)) }
        // Cancelled by the client's notice; `drain` waits for it.
        let task = Task {
            let answer = await server.answer(id, method, params, manner)
            if calls.end(id) { send(answer) }
        }
        calls.keep(task, for: id)
    }

    /// Keeps to what came first: a client with a handshake has to make it before all else.
    private func settle(_ manner: MCPServer.Manner, _ method: String) throws(Fault) {
        try era.withLock { era throws(Fault) in
            switch (era, manner, method) {
            case (_, .stateless, _): if case .open = era { era = .stateless }
            case (_, .handshake, "initialize"): era = .handshake
            case (.handshake, .handshake, _), (_, .handshake, "ping"): break
            case (.open, .handshake, _), (.stateless, .handshake, _):
                throw Fault(
                    Fault.invalidRequest,
                    "begin with initialize, or say the revision in each request's _meta"
                )
            }
        }
    }

    private func send(_ message: Message) {
        // A client that does not read its answers has gone; its end of input follows.
        try? output.writeLine(message.bytes, until: clock.deadline(in: .seconds(30)))
    }
}
