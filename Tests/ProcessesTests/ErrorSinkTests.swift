// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization
import Testing

@Suite("Errors of children, line by line")
struct ErrorSinkTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[ErrorLine]>([])

        var sink: @Sendable ([ErrorLine]) -> Void {
            { [self] more in lines.withLock { $0 += more } }
        }

        var all: [ErrorLine] { lines.withLock { $0 } }

        var texts: [String] {
            all.map { line in
                switch line {
                case .text(let bytes, _): String(decoding: bytes, as: UTF8.self)
                case .dropped(let count): "dropped \(count)"
                }
            }
        }
    }

    private func start(_ script: String, _ scratch: Scratch, _ lines: Lines) throws -> Child {
        var command = scratch.shell(script)
        command.errorSink = lines.sink
        return try Child.start(command, clock: clock)
    }

    @Test("lines reach the sink before the end of the child is told, the last without line feed")
    func lines() throws {
        let (scratch, lines) = (try Scratch(), Lines())
        let child = try start(
            "echo one >&2; echo out; echo two >&2; printf three >&2",
            scratch,
            lines
        )

        let events = try allEvents(of: child)

        #expect(lines.texts == ["one", "two", "three"])
        #expect(events.last == .exited(0, .exited(code: 0)))
        #expect(events.contains(.line(0, Array("out".utf8))))
    }

    @Test("what a crashed child said is there")
    func crash() throws {
        let (scratch, lines) = (try Scratch(), Lines())
        let child = try start("echo 'going down' >&2; kill -SEGV $$", scratch, lines)

        _ = try allEvents(of: child)

        #expect(lines.texts.first == "going down")
    }

    @Test("an overlong line is cut, whether it ends or not")
    func longLine() throws {
        let (scratch, lines) = (try Scratch(), Lines())
        let script =
            "head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2; echo after >&2;"
            + " head -c 50000 /dev/zero | tr '\\0' y >&2"
        let child = try start(script, scratch, lines)

        _ = try allEvents(of: child)

        let x = [UInt8](repeating: 0x78, count: 16 << 10)
        let y = [UInt8](repeating: 0x79, count: 16 << 10)
        #expect(
            lines.all == [
                .text(x, isCut: true), .text(Array("after".utf8), isCut: false),
                .text(y, isCut: true),
            ]
        )
    }

    @Test("a flood is dropped and counted, and keeps the deadline of nobody")
    func flood() throws {
        let (scratch, lines) = (try Scratch(), Lines())
        let child = try start("yes 'a line of a flood' >&2", scratch, lines)

        let begin = clock.now()
        let events = try ChildGroup.wait(
            for: [child],
            until: soon(.milliseconds(500)),
            clock: clock
        )
        let took = clock.now().nanoseconds - begin.nanoseconds
        try child.terminate(steps: [])

        #expect(events == [.timedOut])
        #expect(took < 3_000_000_000)
        let dropped = lines.all.reduce(0) { sum, line in
            guard case .dropped(let count) = line else { return sum }
            return sum + count
        }
        #expect(dropped > 0)
        #expect(lines.all.count < 3 * (1 << 20) / 20)
    }

    @Test("a child that writes errors while it is sent something is not in the way of it")
    func sending() throws {
        let (scratch, lines) = (try Scratch(), Lines())
        let script = "head -c 400000 /dev/zero | tr '\\0' '\\n' >&2; wc -c"
        let child = try start(script, scratch, lines)

        try child.send(line: [UInt8](repeating: 0x61, count: 300_000), until: soon())
        child.closeInput()
        let events = try allEvents(of: child)

        #expect(events.contains(.line(0, Array("300001".utf8))))
    }

    @Test("a child that only writes errors does not make a send wait for ever")
    func sendDeadline() throws {
        let (scratch, lines) = (try Scratch(), Lines())
        let child = try start("yes >&2", scratch, lines)

        let error = #expect(throws: ProcessError.self) {
            try child.send(
                line: [UInt8](repeating: 0x61, count: 300_000),
                until: soon(.milliseconds(300))
            )
        }
        try child.terminate(steps: [])

        #expect(error?.code == .timedOut)
    }

    @Test("a child that floods its errors still ends when it is told to, in time")
    func terminates() throws {
        let (scratch, lines) = (try Scratch(), Lines())
        let child = try start("trap '' TERM; echo deaf; yes >&2", scratch, lines)
        let ready = try ChildGroup.wait(for: [child], until: soon(), clock: clock)
        let begin = clock.now()

        let status = try child.terminate(
            steps: [TeardownStep(.signal(15), patience: .milliseconds(200))]
        )

        #expect(ready == [.line(0, Array("deaf".utf8))])
        #expect(status == .signalled(number: 9))
        #expect(clock.now().nanoseconds - begin.nanoseconds < 5_000_000_000)
    }
}
