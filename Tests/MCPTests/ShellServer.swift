// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Processes
import Synchronization

/// A server that is a few lines of shell, so that it can misbehave exactly as a test wants.
enum ShellServer {
    static let clock = SystemClock()

    /// What it tells on its own.
    final class Notices: Sendable {
        private let kept = Mutex<[Inbox.Notice]>([])

        var all: [Inbox.Notice] { kept.withLock { $0 } }
        var inbox: Inbox { Inbox { notice in self.kept.withLock { $0.append(notice) } } }
    }

    static func start(
        _ script: String,
        notices: Notices = Notices(),
        lineLimitBytes: Int = 1 << 20
    ) async throws -> StdioTransport {
        try await StdioTransport.start(
            ChildCommand(
                program: .path("/bin/sh"),
                arguments: ["-c", script],
                environment: [("PATH", "/usr/bin:/bin")],
                workingFolder: "/",
                lineLimitBytes: lineLimitBytes
            ),
            ChildLink.Options(teardown: [
                TeardownStep(.closeInput, patience: .milliseconds(200)),
                TeardownStep(.signal(15), patience: .milliseconds(200)),
            ]),
            inbox: notices.inbox,
            clock: clock
        )
    }

    static func request(
        _ number: Int64,
        _ method: String = "tools/call",
        idle: Duration = .seconds(20),
        total: Duration = .seconds(20),
        onProgress: (@Sendable (Progress) -> Void)? = nil
    ) -> OutgoingRequest {
        OutgoingRequest(
            number: number,
            method: method,
            params: ["name": "t"],
            limits: CallLimits(idle: idle, total: total),
            onProgress: onProgress
        )
    }

    /// The line of a result.
    static func result(_ id: Int, _ text: String) -> String {
        #"echo '{"jsonrpc":"2.0","id":\#(id),"result":{"text":"\#(text)"}}'"#
    }
}
