// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

package import Basics
package import Processes
import Synchronization

/// A server that is a program of ours: one line a message on its input and output.
package final class StdioTransport: Transport, ChildLink.Receiver {
    private struct State {
        var pending = PendingCalls()
        var end: MCPError?
        var oddLines = 0
        var isStateless = false
    }

    /// The most calls under way at a time.
    package static let callLimit = 256
    /// The most lines that are no message until the server is given up.
    package static let oddLineLimit = 100

    private let inbox: Inbox
    private let clock: any MonotonicClock
    private let state = Mutex(State())
    private let link = Mutex<ChildLink?>(nil)
    /// What the program wrote to standard error last.
    private let errors: LastLines

    private init(inbox: Inbox, clock: any MonotonicClock, errors: LastLines) {
        self.inbox = inbox
        self.clock = clock
        self.errors = errors
    }

    /// Starts a server's program.
    /// - Parameters:
    ///   - command: The program; its line limit is the most bytes of a message.
    ///   - options: How much may wait, and how it is ended.
    ///   - inbox: Where what it tells goes.
    ///   - clock: The clock of the deadlines.
    /// - Returns: The way to the running program.
    /// - Throws: `cannotStart`.
    package static func start(
        _ command: ChildCommand,
        _ options: ChildLink.Options = ChildLink.Options(),
        inbox: Inbox,
        clock: any MonotonicClock
    ) async throws(MCPError) -> StdioTransport {
        let errors = LastLines()
        var command = command
        command.errorSink = { errors.take($0) }
        let transport = StdioTransport(inbox: inbox, clock: clock, errors: errors)
        do throws(ProcessError) {
            let link = try await ChildLink.start(
                command,
                options,
                clock: clock,
                receiver: transport
            )
            transport.link.withLock { $0 = link }
        } catch {
            throw MCPError(.cannotStart, "start the server", error.description)
        }
        return transport
    }

    package func settle(on revision: Revision) {
        state.withLock { $0.isStateless = revision.isStateless }
    }

    package func call(_ request: OutgoingRequest) async throws(MCPError) -> JSON {
        let line = request.message.bytes
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(request, line) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            giveUp(request, .cancelled, "the task was cancelled")
        }
        return try answer.get()
    }

    private func begin(
        _ request: OutgoingRequest,
        _ line: [UInt8],
        _ resume: @escaping @Sendable (PendingCalls.Answer) -> Void
    ) {
        func refuse(_ code: MCPError.Code, _ reason: String) {
            resume(.failure(MCPError(code, request.operation, reason)))
        }
        guard !Task.isCancelled else { return refuse(.cancelled, "the task was cancelled") }
        let now = clock.now()
        let refusal = state.withLock { state -> MCPError? in
            if let end = state.end { return end }
            guard state.pending.count < Self.callLimit else {
                return MCPError(.busy, "", "\(Self.callLimit) calls are under way already")
            }
            state.pending.add(request, now: now, resume: resume)
            return nil
        }
        if let refusal { return refuse(refusal.code, refusal.reason) }
        guard send(line) else {
            giveUp(request, .busy, "too much waits to be sent already", hasArrived: false)
            return
        }
        // Cancelled between the check and the entry: the handler found nothing to give up.
        if Task.isCancelled { giveUp(request, .cancelled, "the task was cancelled") }
    }

    package func tell(_ message: Message) async throws(MCPError) {
        guard send(message.bytes) else {
            throw MCPError(.disconnected, "send a notice", "the server is not there any more")
        }
    }

    package func close() async {
        guard let link = link.withLock({ $0 }) else { return }
        await link.close()
    }

    /// What the program wrote to standard error last, for people.
    package var lastErrors: [String] { errors.lines }

    private func send(_ line: [UInt8]) -> Bool {
        link.withLock { $0 }?.send(line: line) ?? false
    }

    /// Ends a call without an answer, and tells the server.
    private func giveUp(
        _ request: OutgoingRequest,
        _ code: MCPError.Code,
        _ reason: String,
        hasArrived: Bool = true
    ) {
        guard let entry = state.withLock({ $0.pending.take(request.id) }) else { return }
        if hasArrived { withdraw(request, reason) }
        end(entry, code, reason, hasArrived: hasArrived)
    }

    /// Tells the server that nobody waits any more, before anything else is asked of it.
    private func withdraw(_ request: OutgoingRequest, _ reason: String) {
        guard request.mayBeCancelled else { return }
        _ = send(
            Message.notice(
                method: "notifications/cancelled",
                params: ["requestId": request.id.json, "reason": .string(reason)]
            ).bytes
        )
    }

    private func end(
        _ entry: PendingCalls.Entry,
        _ code: MCPError.Code,
        _ reason: String,
        hasArrived: Bool = true
    ) {
        entry.resume(
            .failure(
                MCPError(code, entry.request.operation, reason, mayHaveArrived: hasArrived)
            )
        )
    }

    // MARK: What the link's thread calls

    package func received(_ line: [UInt8]) {
        let message: Message
        do throws(Fault) {
            message = try Message(parsing: line)
        } catch {
            return ignore("a line that is no message: \(error.message)")
        }
        switch message {
        case .response(let id, let result): settle(id, .success(result))
        case .failure(let id, let fault):
            settle(id, .failure(MCPError(.refused, "", fault.description, fault: fault)))
        case .notice("notifications/progress", let params): noteProgress(params)
        case .notice(let method, let params): inbox.take(notice: method, params)
        case .request(let id, let method, _):
            let isStateless = state.withLock { $0.isStateless }
            if let answer = inbox.answer(id, method: method, isStateless: isStateless) {
                _ = send(answer.bytes)
            }
        }
    }

    private func settle(_ id: RequestID?, _ answer: PendingCalls.Answer) {
        guard let entry = state.withLock({ $0.pending.take(id) }) else {
            return ignore("an answer with the id \(id?.description ?? "null"), which none awaits")
        }
        entry.resume(answer.mapError { $0.during(entry.request.operation) })
    }

    private func noteProgress(_ params: JSON) {
        guard let progress = Progress(params) else { return }
        let now = clock.now()
        let token = RequestID(params["progressToken"])
        let tell = state.withLock { $0.pending.note(progress, of: token, now: now) }
        tell?(progress)
    }

    /// Passes over what does not belong here; after too much of it the next moment ends the server.
    private func ignore(_ what: String) {
        let count = state.withLock { state in
            state.oddLines += 1
            return state.oddLines
        }
        inbox.note(.oddity(String(what.prefix(200))))
        guard count == Self.oddLineLimit else { return }
        let reason = "the server sent \(count) lines that do not belong into the conversation"
        endAll(MCPError(.malformed, "", reason))
        // Not awaited: this is the thread that would end it.
        Task { await close() }
    }

    package func moment(now: MonotonicInstant) -> MonotonicInstant {
        let expired = state.withLock { $0.pending.takeExpired(now: now) }
        for entry in expired {
            withdraw(entry.request, "no answer in time")
            end(entry, .timedOut, "no answer in time")
        }
        return state.withLock { $0.pending.nextDeadline }
    }

    package func ended(_ status: ExitStatus, because failure: ProcessError?) {
        if let failure, failure.code == .lineTooLong {
            endAll(MCPError(.tooLarge, "", "a line of the server is longer than the limit"))
        } else if let failure {
            endAll(MCPError(.disconnected, "", failure.description))
        } else {
            let last = errors.lines.last.map { "; its last words: \($0)" } ?? ""
            endAll(MCPError(.disconnected, "", "the server \(status.words)\(last)"))
        }
    }

    private func endAll(_ error: MCPError) {
        let entries = state.withLock { state in
            if state.end == nil { state.end = error }
            return state.pending.takeAll()
        }
        for entry in entries { end(entry, error.code, error.reason) }
    }
}

extension MCPError {
    /// The same failure with the operation that it ended.
    func during(_ operation: String) -> MCPError {
        MCPError(code, operation, reason, mayHaveArrived: mayHaveArrived, fault: fault)
    }
}

extension ExitStatus {
    /// How it ended, as a clause.
    fileprivate var words: String {
        switch self {
        case .running: "ended the conversation"
        case .exited(let code): "ended with status \(code)"
        case .signalled(let number): "was ended by signal \(number)"
        }
    }
}
