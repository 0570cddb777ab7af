// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite("Heartbeats")
struct HeartbeatTests {
    @Test("beats come while nobody else writes, and no two lines mix")
    func beats() throws {
        let pipe = try DescriptorPair.makePipe()
        let reader = LineChannel(input: pipe.first.number, output: -1, clock: clock)
        let output = LineOutput(pipe.second.number, clock: clock)
        let heartbeat = try Heartbeat.start(
            every: .milliseconds(2),
            line: Array("beat".utf8),
            to: output
        )

        var lines: [[UInt8]] = []
        for _ in 0..<20 {
            let first = try #require(try reader.readLine(until: soon()))
            lines.append(first)
            try output.writeLine([0x62], until: soon())
        }

        withExtendedLifetime(heartbeat) {}
        #expect(Set(lines) == [Array("beat".utf8), [0x62]])
    }

    @Test("a long line of another thread is whole in spite of the beats")
    func whole() throws {
        let pipe = try DescriptorPair.makePipe()
        let output = LineOutput(pipe.second.number, clock: clock)
        let heartbeat = try Heartbeat.start(every: .microseconds(200), line: [0x2E], to: output)
        let long = [UInt8](repeating: 0x61, count: 300_000)
        let collector = Collector(pipe.first.number)
        try collector.start()

        for _ in 0..<20 { try output.writeLine(long, until: soon()) }
        try output.writeLine(Array("end".utf8), until: soon())

        let lines = collector.finish()
        withExtendedLifetime(heartbeat) {}
        #expect(lines.filter { $0 == long }.count == 20)
        #expect(lines.contains([0x2E]))
        #expect(lines.allSatisfy { $0 == long || $0 == [0x2E] || $0 == Array("end".utf8) })
    }

    @Test("a pipe that nobody empties costs beats and no more")
    func fullPipe() throws {
        let pipe = try DescriptorPair.makePipe()
        let size = fcntl(pipe.second.number, setPipeSize, 4096)
        let output = LineOutput(pipe.second.number, clock: clock)
        let heartbeat = try Heartbeat.start(
            every: .microseconds(100),
            line: [UInt8](repeating: 0x2E, count: 100),
            to: output
        )
        let reader = LineChannel(input: pipe.first.number, output: -1, clock: clock)
        _ = poll(nil, 0, 100)

        var lines = 0
        while lines < 200 {
            let line = try #require(try reader.readLine(until: soon()))
            #expect(line.count == 100)
            lines += 1
        }

        withExtendedLifetime(heartbeat) {}
        #expect(size == 4096)
    }

    @Test("the beats end when the value goes away")
    func ends() throws {
        let pipe = try DescriptorPair.makePipe()
        let output = LineOutput(pipe.second.number, clock: clock)
        let reader = LineChannel(input: pipe.first.number, output: -1, clock: clock)
        do {
            let heartbeat = try Heartbeat.start(every: .milliseconds(1), line: [0x2E], to: output)
            _ = try reader.readLine(until: soon())
            withExtendedLifetime(heartbeat) {}
        }

        let isSilent = eventually {
            var waiting = pollfd(fd: pipe.first.number, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 50) > 0 else { return true }
            _ = try? reader.readLine(until: soon())
            return false
        }

        #expect(isSilent)
    }

    @Test("a child that a signal has stopped is seen as such until it is continued")
    func stopped() throws {
        let scratch = try Scratch()
        let child = try Child.start(scratch.command("/bin/cat"), clock: clock)
        let before = child.isStopped

        kill(child.processID, SIGSTOP)
        let isFound = eventually { child.isStopped }
        let isStillThere = child.isStopped && child.exitStatus == .running
        kill(child.processID, SIGCONT)
        let isGone = eventually { !child.isStopped }
        try child.terminate(steps: [])

        #expect(!before)
        #expect(isFound)
        #expect(isStillThere)
        #expect(isGone)
        #expect(!child.isStopped)
    }
}

extension HeartbeatTests {
    private func children(of process: Int32) -> [Int32] {
        text("/proc/\(process)/task/\(process)/children").split(separator: " ")
            .compactMap { Int32($0) }
    }

    @Test(
        "a child that waits for a stopped program alone is held up, one that has others is not",
        arguments: [
            ("sleep 1000; :", 1, true), ("sh -c 'sleep 1000; :'; :", 1, true),
            ("sleep 1000 & sleep 1000; :", 2, false),
        ]
    )
    func heldUp(script: String, count: Int, isHeldUp: Bool) throws {
        let scratch = try Scratch()
        let child = try Child.start(scratch.shell(script), clock: clock)
        func deepest() -> Int32? {
            var found = children(of: child.processID).first
            while let next = found.flatMap({ children(of: $0).first }) { found = next }
            return found
        }
        let hasStarted = eventually {
            children(of: child.processID).count == count
                && deepest().map { text("/proc/\($0)/comm") } == "sleep\n"
        }
        let before = child.isHeldUp
        let program = try #require(deepest())

        kill(program, SIGSTOP)
        let hasStopped = eventually { text("/proc/\(program)/stat").contains(") T ") }
        let isFound = child.isHeldUp
        let isDirect = child.isStopped
        kill(program, SIGCONT)
        let isGone = eventually { !child.isHeldUp }
        try child.terminate(steps: [])

        #expect(hasStarted && hasStopped)
        #expect(!before)
        #expect(isFound == isHeldUp)
        #expect(!isDirect)
        #expect(isGone)
        #expect(!child.isHeldUp)
    }
}

/// `F_SETPIPE_SZ`, which not every C library's module exports.
private let setPipeSize: Int32 = 1031

/// Reads lines on a thread of its own until `end` comes.
private final class Collector {
    private let number: Int32
    private var lines: [[UInt8]] = []
    private var thread = pthread_t()

    init(_ number: Int32) { self.number = number }

    func start() throws {
        let pointer = Unmanaged.passRetained(self).toOpaque()
        let failure = pthread_create(
            &thread,
            nil,
            { pointer in
                guard let pointer else { return nil }
                let collector = Unmanaged<Collector>.fromOpaque(pointer).takeRetainedValue()
                let reader = LineChannel(input: collector.number, output: -1, clock: clock)
                while let line = try? reader.readLine(until: soon()) {
                    collector.lines.append(line)
                    if line == Array("end".utf8) { break }
                }
                return nil
            },
            pointer
        )
        try #require(failure == 0)
    }

    func finish() -> [[UInt8]] {
        pthread_join(thread, nil)
        return lines
    }
}
