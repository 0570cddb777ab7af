// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Processes
import Synchronization
import TestSupport
import Testing

@Suite("Servers that are programs", .timeLimit(.minutes(1)))
struct StdioTests {
    @Test("an answer finds its call, whatever else is said before it")
    func noise() async throws {
        let notices = ShellServer.Notices()
        let server = try await ShellServer.start(
            """
            read line
            echo 'Starting up...'
            echo '[]'
            echo '{"jsonrpc":"2.0","id":99,"result":{}}'
            echo '{"jsonrpc":"2.0","id":"1","result":{}}'
            echo '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}'
            echo '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'
            \(ShellServer.result(1, "first"))
            \(ShellServer.result(1, "second"))
            read line
            \(ShellServer.result(2, "third"))
            """,
            notices: notices
        )

        let first = try await server.call(ShellServer.request(1))
        let third = try await server.call(ShellServer.request(2))
        await server.close()

        #expect(first["text"] == "first")
        #expect(third["text"] == "third")
        #expect(notices.all.contains(.toolsChanged))
        #expect(notices.all.count == 7)
    }

    @Test("calls at the same time get their own answers in any order")
    func order() async throws {
        let server = try await ShellServer.start(
            "read a; read b; \(ShellServer.result(2, "b")); \(ShellServer.result(1, "a"))"
        )

        async let first = server.call(ShellServer.request(1))
        async let second = server.call(ShellServer.request(2))

        #expect(try await first["text"] == "a")
        #expect(try await second["text"] == "b")
        await server.close()
    }

    @Test("a server that dies in the middle leaves the outcome unknown and says its last words")
    func death() async throws {
        let server = try await ShellServer.start("read line; echo 'no license' >&2; exit 3")

        let error = await #expect(throws: MCPError.self) {
            try await server.call(ShellServer.request(1))
        }
        let later = await #expect(throws: MCPError.self) {
            try await server.call(ShellServer.request(2))
        }
        await server.close()

        #expect(error?.code == .disconnected)
        #expect(error?.mayHaveArrived == true)
        #expect(error?.reason.contains("no license") == true, "\(error?.reason ?? "")")
        #expect(later?.code == .disconnected)
        #expect(later?.mayHaveArrived == false)
    }

    @Test("a line without end is given up at the limit")
    func longLine() async throws {
        let server = try await ShellServer.start(
            "read line; exec tr '\\0' 'a' </dev/zero",
            lineLimitBytes: 1 << 20
        )

        let error = await #expect(throws: MCPError.self) {
            try await server.call(ShellServer.request(1))
        }
        await server.close()

        #expect(error?.code == .tooLarge)
    }

    @Test("lines that are no messages end the server at the limit")
    func garbage() async throws {
        let server = try await ShellServer.start("read line; exec yes '[[[[[[[[[['")

        let error = await #expect(throws: MCPError.self) {
            try await server.call(ShellServer.request(1))
        }
        await server.close()

        #expect(error?.code == .malformed)
    }

    @Test("a call that takes too long is given up, and the server is told")
    func timeout() async throws {
        let server = try await ShellServer.start(
            """
            read line; read cancel; read line
            echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":2,\\"result\\":$cancel}"
            """
        )

        let error = await #expect(throws: MCPError.self) {
            try await server.call(ShellServer.request(1, idle: .milliseconds(50)))
        }
        let told = try await server.call(ShellServer.request(2))
        await server.close()

        #expect(error?.code == .timedOut)
        #expect(error?.mayHaveArrived == true)
        #expect(told["method"] == "notifications/cancelled")
        #expect(told["params"]?["requestId"] == 1)
    }

    @Test("progress gives more time, but not beyond all of it")
    func progress() async throws {
        let server = try await ShellServer.start(
            """
            read line
            n=0
            while :; do
                n=$((n + 1))
                echo '{"jsonrpc":"2.0","method":"notifications/progress","params":'\
            '{"progressToken":1,"progress":'$n'}}'
                read -t 0 x 2>/dev/null
                sleep 0.05
            done
            """
        )
        let steps = Mutex(0)

        let error = await #expect(throws: MCPError.self) {
            try await server.call(
                ShellServer.request(1, idle: .milliseconds(400), total: .milliseconds(900)) { _ in
                    steps.withLock { $0 += 1 }
                }
            )
        }
        await server.close()

        #expect(error?.code == .timedOut)
        #expect(steps.withLock { $0 } > 3)
    }

    @Test("a cancelled task ends its call at once, and the server is told")
    func cancellation() async throws {
        let notices = ShellServer.Notices()
        let server = try await ShellServer.start(
            """
            read line
            echo '{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"busy"}}'
            read cancel; read line
            echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":2,\\"result\\":$cancel}"
            """,
            notices: notices
        )
        let task = Task { try await server.call(ShellServer.request(1)) }
        let isBusy = try await eventually { notices.all == [.log(level: "info", text: "busy")] }

        task.cancel()
        let result = await task.result
        let told = try await server.call(ShellServer.request(2))
        await server.close()

        let error = #expect(throws: MCPError.self) { try result.get() }
        #expect(isBusy)
        #expect(error?.code == .cancelled)
        #expect(error?.mayHaveArrived == true)
        #expect(told["params"]?["requestId"] == 1)
    }

    @Test("a ping is answered; what would need a person is refused")
    func serverRequests() async throws {
        let server = try await ShellServer.start(
            """
            read line
            echo '{"jsonrpc":"2.0","id":"p","method":"ping"}'
            read pong
            echo '{"jsonrpc":"2.0","id":5,"method":"elicitation/create","params":{}}'
            read refusal
            echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,"\\
            "\\"result\\":{\\"a\\":$pong,\\"b\\":$refusal}}"
            """
        )

        let result = try await server.call(ShellServer.request(1))
        await server.close()

        #expect(result["a"]?["id"] == "p")
        #expect(result["a"]?["result"] == .object([]))
        #expect(result["b"]?["id"] == 5)
        #expect(result["b"]?["error"]?["code"] == -32601)
    }

    @Test("a server that ignores the end of its input and SIGTERM is killed with its children")
    func hangs() async throws {
        let server = try await ShellServer.start(
            """
            trap '' TERM
            read line
            sleep 1000 &
            echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":{\\"self\\":$$,\\"child\\":$!}}"
            while :; do sleep 1000; done
            """
        )
        let result = try await server.call(ShellServer.request(1))
        let numbers = [result["self"]?.intValue, result["child"]?.intValue].compactMap { $0 }

        await server.close()

        #expect(numbers.count == 2)
        let areGone = try await eventually(within: .seconds(5)) {
            numbers.allSatisfy { !Folder("/proc/\($0)").exists }
        }
        #expect(areGone)
    }

    @Test("a program that is not there is said to be so")
    func missing() async {
        let error = await #expect(throws: MCPError.self) {
            try await StdioTransport.start(
                ChildCommand(program: .path("/nowhere/server"), workingFolder: "/"),
                inbox: Inbox { _ in },
                clock: ShellServer.clock
            )
        }

        #expect(error?.code == .cannotStart)
        #expect(error?.reason.contains("/nowhere/server") == true)
    }
}
