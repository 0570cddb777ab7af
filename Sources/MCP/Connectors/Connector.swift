// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
package import Processes
import Synchronization

/// A server that a desk uses: started when it is needed, started again when it fails, and used only
/// as long as its tools are those that were accepted.
public actor Connector {
    /// Opens a conversation; the first argument says what is known of the server.
    package typealias Opening =
        @Sendable (ClientSession.Beginning, Inbox) async throws(MCPError) -> ClientSession

    /// A conversation and the tools that may be called in it.
    struct Ready: Sendable {
        let session: ClientSession
        let tools: [ToolDefinition]
        let expiry: MonotonicInstant
    }

    /// The connector's name, as the desk calls it.
    public nonisolated let name: String
    /// The tools that may be used; nil for all.
    private let allowed: Set<String>?
    private let opening: Opening
    private let pins: any PinStore
    private let clock: any MonotonicClock
    private let policy: RestartPolicy
    private nonisolated let news: News
    private nonisolated let inbox: Inbox

    var ready: Ready?
    private var beginning = ClientSession.Beginning.ask
    private var failures = 0
    private var restEnd: MonotonicInstant?
    private var isClosed = false
    /// The one attempt to get ready that all callers wait for; it ends within its own limits.
    private var attempt: Task<Result<Ready, MCPError>, Never>?

    /// How long a list of tools holds: what the server says, within these bounds.
    static let usualLifetime: Duration = .seconds(300)
    static let lifetimes: ClosedRange<Duration> = .seconds(30) ... .seconds(3600)

    package init(
        _ name: String,
        tools allowed: Set<String>? = nil,
        pins: any PinStore,
        clock: any MonotonicClock,
        policy: RestartPolicy = RestartPolicy(),
        notices: @escaping @Sendable (Inbox.Notice) -> Void = { _ in },
        opening: @escaping Opening
    ) {
        self.name = name
        self.allowed = allowed
        self.opening = opening
        self.pins = pins
        self.clock = clock
        self.policy = policy
        let news = News()
        self.news = news
        inbox = Inbox { notice in
            if notice == .toolsChanged { news.note() }
            notices(notice)
        }
    }

    /// Whether the server has said that its tools changed.
    private final class News: Sendable {
        private let hasChanged = Mutex(false)

        func note() { hasChanged.withLock { $0 = true } }

        var isThere: Bool { hasChanged.withLock { $0 } }

        func clear() { hasChanged.withLock { $0 = false } }
    }

    /// The tools that may be called.
    /// - Throws: An ``MCPError``; `quarantined` when definitions differ from what was accepted.
    public func tools() async throws(MCPError) -> [ToolDefinition] {
        try await makeReady().tools
    }

    /// The other side, once there is a conversation.
    /// - Throws: An ``MCPError``.
    public func session() async throws(MCPError) -> ClientSession {
        try await makeReady().session
    }

    /// Calls a tool.
    ///
    /// When the server fails in the middle, the call is repeated once if its definition says that
    /// this does no harm, and if not the outcome is unknown.
    /// - Returns: What the tool gave back, a failure of its own included.
    /// - Throws: An ``MCPError``; `mayHaveArrived` means that the tool may have done its work.
    public func call(
        _ tool: String,
        _ arguments: JSON,
        limits: CallLimits? = nil,
        onProgress: (@Sendable (Progress) -> Void)? = nil
    ) async throws(MCPError) -> ToolResult {
        var isRepeated = false
        while true {
            let ready = try await makeReady()
            guard let definition = ready.tools.first(where: { $0.name == tool }) else {
                throw unknown(tool, ready.tools)
            }
            do throws(MCPError) {
                let result = try await ready.session.call(
                    definition,
                    arguments,
                    limits: limits,
                    onProgress: onProgress
                )
                failures = 0
                return result
            } catch {
                await note(error, of: ready.session)
                let isHarmless = definition.mayBeRepeated || !error.mayHaveArrived
                guard !isRepeated, isHarmless, Self.isPassing(error.code) else {
                    throw definition.mayBeRepeated ? error.harmless() : error
                }
                isRepeated = true
            }
        }
    }

    /// Ends the conversation and the server; calls fail from now on.
    public func close() async {
        isClosed = true
        if let attempt { _ = await attempt.value }
        await drop(ready?.session)
    }

    // MARK: Getting ready

    private func makeReady() async throws(MCPError) -> Ready {
        guard !isClosed else { throw MCPError(.closed, "use \(name)", "the connector is closed") }
        if let ready, !news.isThere, clock.now() < ready.expiry { return ready }
        if let attempt { return try await attempt.value.get() }
        // Ended by the limits of the calls in it; all callers wait for it, so none may cancel it.
        let task = Task { await self.attemptReady() }
        attempt = task
        return try await task.value.get()
    }

    private func attemptReady() async -> Result<Ready, MCPError> {
        defer { attempt = nil }
        do throws(MCPError) {
            let session: ClientSession
            if let known = ready?.session {
                session = known
            } else {
                session = try await openSession()
            }
            ready = nil
            // Before the list is fetched, so that a change meanwhile is seen the next time.
            news.clear()
            do throws(MCPError) {
                let made = try await check(session)
                ready = made
                return .success(made)
            } catch {
                if error.code != .quarantined { fail() }
                await session.close()
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    /// Lists the tools and compares them with what was accepted.
    private func check(_ session: ClientSession) async throws(MCPError) -> Ready {
        let (tools, lifetime) = try await fetch(session)
        let now = ToolPins(tools, instructions: session.peer.instructions)
        if let accepted = try loadPins() {
            let changes = accepted.changes(to: now)
            guard changes.isEmpty else {
                throw MCPError(.quarantined, "use \(name)", Self.words(changes, name))
            }
        } else {
            try save(now)
        }
        let bounds = Self.lifetimes
        let span = min(max(lifetime ?? Self.usualLifetime, bounds.lowerBound), bounds.upperBound)
        return Ready(session: session, tools: tools, expiry: clock.deadline(in: span))
    }

    func fetch(
        _ session: ClientSession
    ) async throws(MCPError) -> (tools: [ToolDefinition], lifetime: Duration?) {
        let list = try await session.fetchTools()
        let tools = list.tools.filter { allowed?.contains($0.name) ?? true }
        return (tools, list.lifetime)
    }

    func openSession() async throws(MCPError) -> ClientSession {
        if let restEnd, clock.now() < restEnd {
            throw MCPError(
                .resting,
                "use \(name)",
                "it failed \(failures) times in a row and is left alone for a while"
            )
        }
        do throws(MCPError) {
            return try await openOnce()
        } catch {
            fail()
            throw error
        }
    }

    private func openOnce() async throws(MCPError) -> ClientSession {
        do throws(MCPError) {
            return try await opening(beginning, inbox)
        } catch {
            // Some servers die of a question that comes before the handshake.
            guard beginning == .ask, error.code == .disconnected else { throw error }
            beginning = .handshake
            return try await opening(beginning, inbox)
        }
    }

    // MARK: Failing

    private func note(_ error: MCPError, of session: ClientSession) async {
        switch error.code {
        case .disconnected, .tooLarge, .malformed, .closed:
            fail()
            await drop(session)
        case .sessionLost: await drop(session)
        default: break
        }
    }

    private func fail() {
        failures += 1
        restEnd = clock.deadline(in: policy.wait(after: failures))
    }

    func drop(_ session: ClientSession?) async {
        guard let session else { return }
        if ready?.session === session { ready = nil }
        await session.close()
    }

    private static func isPassing(_ code: MCPError.Code) -> Bool {
        code == .disconnected || code == .sessionLost
    }

    private func unknown(_ tool: String, _ tools: [ToolDefinition]) -> MCPError {
        let near = NearestName(to: tool, among: tools.map(\.name)).name
        let hint = near.map { "; did you mean '\($0)'?" } ?? ""
        return MCPError(
            .notOffered,
            "call \(tool.prefix(80))",
            "\(name) has no such tool that may be used\(hint)"
        )
    }

    private static func words(_ changes: [ToolPins.Change], _ name: String) -> String {
        let listed = changes.prefix(8).map(\.description).joined(separator: ", ")
        let more = changes.count > 8 ? " and \(changes.count - 8) more" : ""
        return "its definitions differ from those that were accepted: \(listed)\(more);"
            + " look at them with loopdesk connectors check \(name)"
    }

    func loadPins() throws(MCPError) -> ToolPins? {
        do {
            return try pins.load(name)
        } catch {
            throw MCPError(.quarantined, "use \(name)", "what was accepted is lost: \(error)")
        }
    }

    func save(_ accepted: ToolPins) throws(MCPError) {
        do {
            try pins.save(accepted, of: name)
        } catch {
            throw MCPError(.quarantined, "use \(name)", "what is accepted cannot be kept: \(error)")
        }
    }
}
