// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import HTTP
public import Processes

extension Connector {
    /// How a server is reached.
    public enum Way: Sendable {
        /// A program that is started.
        case program(ChildCommand)
        /// An address, with headers that every request gets.
        case address(String, credentials: [HTTPHeader])
    }

    /// How the programs of servers are ended: end of input, SIGTERM, SIGKILL.
    static let teardown = [
        TeardownStep(.closeInput, patience: .seconds(2)),
        TeardownStep(.signal(15), patience: .seconds(2)),
    ]

    /// A connector to a real server.
    /// - Parameters:
    ///   - name: What the desk calls it.
    ///   - way: How it is reached.
    ///   - allowed: The tools that may be used; nil for all.
    ///   - limits: How long calls may take.
    ///   - messageLimitBytes: The most bytes of one message.
    ///   - http: The client for addresses.
    ///   - pins: Where accepted definitions are kept.
    ///   - clock: The clock of deadlines.
    ///   - log: Told what the server says on its own, as text; untrusted.
    public init(
        _ name: String,
        _ way: Way,
        tools allowed: Set<String>?,
        limits: CallLimits,
        messageLimitBytes: Int,
        http: HTTPClient,
        pins: any PinStore,
        clock: any MonotonicClock,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.init(
            name,
            tools: allowed,
            pins: pins,
            clock: clock,
            notices: { if let text = $0.text { log(text) } }
        ) { (beginning, inbox) async throws(MCPError) in
            let transport = try await Self.makeTransport(
                way,
                messageLimitBytes: messageLimitBytes,
                http: http,
                inbox: inbox,
                clock: clock
            )
            do throws(MCPError) {
                return try await ClientSession.open(
                    over: transport,
                    inbox: inbox,
                    beginning: beginning,
                    limits: limits
                )
            } catch {
                await transport.close()
                throw error
            }
        }
    }

    private static func makeTransport(
        _ way: Way,
        messageLimitBytes: Int,
        http: HTTPClient,
        inbox: Inbox,
        clock: any MonotonicClock
    ) async throws(MCPError) -> any Transport {
        switch way {
        case .program(var command):
            command.lineLimitBytes = messageLimitBytes
            return try await StdioTransport.start(
                command,
                ChildLink.Options(teardown: teardown),
                inbox: inbox,
                clock: clock
            )
        case .address(let url, let credentials):
            return WebTransport(
                WebTransport.Place(
                    url: url,
                    credentials: credentials,
                    messageLimitBytes: messageLimitBytes
                ),
                client: http,
                inbox: inbox,
                pause: { await http.pause(for: $0) }
            )
        }
    }
}

extension Inbox.Notice {
    /// The notice as a line for a log; nil for what only concerns the code.
    var text: String? {
        switch self {
        case .log(let level, let text): "\(level): \(text)"
        case .oddity(let text): "odd: \(text)"
        case .toolsChanged: "its tools have changed"
        case .promptsChanged, .resourcesChanged, .resourceUpdated: nil
        }
    }
}
