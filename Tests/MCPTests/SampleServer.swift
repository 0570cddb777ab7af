// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Synchronization

/// A server with a few tools, one of each kind.
enum SampleServer {
    static func make(gate: Gate = Gate()) throws -> MCPServer {
        MCPServer(
            instructions: "Samples.",
            tools: [
                try ServerTool(
                    "add",
                    title: "Add",
                    description: "Adds two numbers.",
                    effect: .reads,
                    arguments: [
                        .init("a", ["type": "integer"]), .init("b", ["type": "integer"]),
                    ],
                    required: ["a", "b"],
                    output: [.init("sum", ["type": "integer"])]
                ) { arguments in
                    let sum = (arguments["a"]?.intValue ?? 0) + (arguments["b"]?.intValue ?? 0)
                    return ToolResult(text: "\(sum)", structured: ["sum": .int(Int64(sum))])
                },
                try ServerTool(
                    "fail",
                    title: "Fail",
                    description: "Fails.",
                    effect: .writes
                ) { _ in throw JSONError("the disk is full") },
                try ServerTool(
                    "wait",
                    title: "Wait",
                    description: "Waits.",
                    effect: .reads
                ) { _ in
                    await gate.wait()
                    return ToolResult(text: "waited")
                },
            ],
            resources: ServerResources(
                templates: [["uriTemplate": "loopdesk://signals/{id}", "name": "signal"]],
                list: { [["uri": "loopdesk://signals/1", "name": "one"]] },
                read: { uri in
                    uri == "loopdesk://signals/1" ? ["uri": .string(uri), "text": "hi"] : nil
                }
            )
        )
    }

    /// What a tool waits for until a test opens it, or its task is cancelled.
    final class Gate: Sendable {
        private struct State {
            var isOpen = false
            var waiters: [CheckedContinuation<Void, Never>] = []
            var count = 0
        }

        private let state = Mutex(State())

        /// How many have come to wait.
        var count: Int { state.withLock { $0.count } }

        var isOpen: Bool { state.withLock { $0.isOpen } }

        func wait() async {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isOpen = state.withLock { state in
                        state.count += 1
                        if !state.isOpen { state.waiters.append(continuation) }
                        return state.isOpen
                    }
                    if isOpen { continuation.resume() }
                }
            } onCancel: {
                open()
            }
        }

        func open() {
            let waiters = state.withLock { state in
                state.isOpen = true
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    static let meta: JSON = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": .object([]),
    ]
}
