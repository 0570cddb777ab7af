// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes
import TestSupport
import Testing

@testable import MCP

@Suite("Servers that are programs and misbehave", .timeLimit(.minutes(1)))
struct StdioEdgeTests {
    @Test("the first question is never taken back, as the protocol forbids it")
    func firstQuestion() async throws {
        let server = try await ShellServer.start(
            """
            read line; read next
            echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":2,\\"result\\":$next}"
            """
        )

        let error = await #expect(throws: MCPError.self) {
            try await server.call(ShellServer.request(1, "initialize", idle: .milliseconds(50)))
        }
        let next = try await server.call(ShellServer.request(2))
        await server.close()

        #expect(error?.code == .timedOut)
        #expect(next["id"] == 2)
    }

    @Test("a server of too many odd lines is ended, and not only left")
    func ended() async throws {
        let server = try await ShellServer.start(
            """
            read line
            echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":{\\"self\\":$$}}"
            read line
            i=0; while [ $i -lt \(StdioTransport.oddLineLimit) ]; do echo '['; i=$((i + 1)); done
            exec sleep 1000
            """
        )
        let number = try await server.call(ShellServer.request(1))["self"]?.intValue

        let error = await #expect(throws: MCPError.self) {
            try await server.call(ShellServer.request(2))
        }
        let folder = Folder("/proc/\(try #require(number))")
        let isGone = try await eventually { !folder.exists }
        await server.close()

        #expect(error?.code == .malformed)
        #expect(isGone)
    }

    private static let start = MonotonicInstant(nanoseconds: 0)

    private static func step(_ value: Double) throws -> Progress {
        try #require(Progress(["progress": .double(value)]))
    }

    @Test("only progress that rises is told and gives more time")
    func rising() throws {
        let one = RequestID.number(1)
        var calls = PendingCalls()
        calls.add(
            ShellServer.request(1, idle: .seconds(10), total: .seconds(100)),
            now: Self.start
        ) { _ in }

        let later = Self.start.advanced(by: .seconds(5))
        let first = calls.note(try Self.step(2), of: one, now: later)
        let latest = Self.start.advanced(by: .seconds(9))
        let same = calls.note(try Self.step(2), of: one, now: latest)
        let lower = calls.note(try Self.step(1), of: one, now: latest)

        #expect(first != nil && same == nil && lower == nil)
        #expect(calls.nextDeadline == later.advanced(by: .seconds(10)))
    }

    @Test("a call ends when nothing is told for long, and in any case in the end")
    func deadlines() throws {
        var calls = PendingCalls()
        calls.add(
            ShellServer.request(1, idle: .seconds(10), total: .seconds(100)),
            now: Self.start
        ) { _ in }
        calls.add(
            ShellServer.request(2, idle: .seconds(90), total: .seconds(20)),
            now: Self.start
        ) { _ in }

        let next = calls.nextDeadline
        let first = calls.takeExpired(now: Self.start.advanced(by: .seconds(10)))
        let second = calls.takeExpired(now: Self.start.advanced(by: .seconds(20)))

        #expect(next == Self.start.advanced(by: .seconds(10)))
        #expect(first.map(\.request.number) == [1])
        #expect(second.map(\.request.number) == [2])
    }

    @Test("of what a program writes to standard error the last lines are kept, cut short")
    func lastLines() {
        let kept = LastLines()

        kept.take((1...41).map { .text(Array("line \($0)".utf8), isCut: false) })
        kept.take([.text([UInt8](repeating: 0x61, count: 500), isCut: false), .dropped(3)])

        #expect(kept.lines.count == LastLines.lineLimit)
        #expect(kept.lines.first == "line 3")
        #expect(kept.lines.last?.count == LastLines.lengthLimit)
    }
}
