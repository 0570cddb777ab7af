// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

/// The number that a child writes as its first line.
private func number(from child: Child) throws -> Int32 {
    let events = try ChildGroup.wait(for: [child], until: soon(), clock: clock)
    guard case .line(_, let bytes) = try #require(events.first) else { return -1 }
    return try #require(Int32(String(decoding: bytes, as: UTF8.self)))
}

/// The processes that carry an entry in their environment and have not ended.
private func marked(_ entry: String) -> [Int32] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found = [Int32]()
    while let next = readdir(folder) {
        let name = withUnsafePointer(to: &next.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard let number = Int32(name) else { continue }
        let entries = text("/proc/\(number)/environ").split(separator: "\0")
        if entries.contains(Substring(entry)), !isDead(number) { found.append(number) }
    }
    return found
}

extension Scratch {
    fileprivate func agent(_ name: String, _ script: String) -> ChildCommand {
        var command = shell(script)
        command.environment.append(("LOOPDESK_AGENT", name))
        return command
    }
}

@Suite("Trees of processes")
struct ProcessTreeTests {
    /// A grandchild in a session of its own, whose number is the first line.
    static let escaped = "setsid sh -c 'echo $$; exec sleep 1000' & "
    /// The same, orphaned at once, because the process in between ends.
    static let orphaned = "(setsid sh -c 'echo $$; exec sleep 1000' &); "

    @Test("a descendant in a session of its own dies with the child that is ended")
    func otherSession() throws {
        let scratch = try Scratch()
        let child = try Child.start(scratch.shell(Self.escaped + "wait"), clock: clock)
        let grandchild = try number(from: child)

        try child.terminate(steps: [])

        #expect(isDead(grandchild))
    }

    @Test("it dies with a child that goes away, too")
    func dropped() throws {
        let scratch = try Scratch()
        var child: Child? = try Child.start(scratch.shell(Self.escaped + "wait"), clock: clock)
        let grandchild = try number(from: try #require(child))

        child = nil

        #expect(isDead(grandchild))
    }

    @Test("an orphan in a session of its own dies when its child is ended or ends by itself")
    func orphan() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try ProcessTree.adoptOrphans()
            for ending in ["exec sleep 1000", "read line; exit 0"] {
                let command = scratch.agent("a", ProcessTreeTests.orphaned + ending)
                let child = try Child.start(command, clock: clock)
                let grandchild = try number(from: child)
                #expect(!isDead(grandchild))

                if ending.hasPrefix("read") {
                    child.closeInput()
                    _ = try allEvents(of: child)
                } else {
                    try child.terminate(steps: [])
                }

                #expect(isDead(grandchild))
                #expect(kill(grandchild, 0) == -1, "it is reaped as well")
            }
        }
    }

    @Test("an orphan that cleared its environment dies at the next end of any child")
    func cleared() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try ProcessTree.adoptOrphans()
            let hide = "(setsid env -i /bin/sh -c 'echo $$; exec sleep 1000' &); exec sleep 1000"
            let child = try Child.start(scratch.agent("a", hide), clock: clock)
            let grandchild = try number(from: child)

            try child.terminate(steps: [])

            #expect(isDead(grandchild))
        }
    }

    @Test("the orphan of a child that runs is left alone until that child ends")
    func spared() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try ProcessTree.adoptOrphans()
            let script = ProcessTreeTests.orphaned + "exec sleep 1000"
            let first = try Child.start(scratch.agent("a", script), clock: clock)
            let second = try Child.start(scratch.agent("b", script), clock: clock)
            let (ofFirst, ofSecond) = (try number(from: first), try number(from: second))

            try first.terminate(steps: [])
            ProcessTree.tidy(clock: clock)
            let isSpared = !isDead(ofSecond)
            try second.terminate(steps: [])

            #expect(isDead(ofFirst))
            #expect(isSpared)
            #expect(isDead(ofSecond))
        }
    }

    @Test("orphans that end by themselves leave no zombies behind")
    func reaped() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try ProcessTree.adoptOrphans()
            let script = "(setsid sh -c 'echo $$' &); exec sleep 1000"
            let child = try Child.start(scratch.agent("a", script), clock: clock)
            let orphan = try number(from: child)
            #expect(eventually { isDead(orphan) })

            ProcessTree.tidy(clock: clock)

            #expect(kill(orphan, 0) == -1)
            #expect(child.exitStatus == .running)
        }
    }

    @Test("a child that starts sessions as fast as it can is ended with all of them")
    func storm() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try ProcessTree.adoptOrphans()
            let script = """
                echo ready
                for i in 1 2 3 4; do
                  (n=0; while [ $n -lt 200 ]; do setsid sleep 1000 & n=$((n+1)); done; wait) &
                done
                wait
                """
            let entry = "LOOPDESK_AGENT=storm-\(getpid())"
            let child = try Child.start(scratch.agent("storm-\(getpid())", script), clock: clock)
            #expect(eventually { marked(entry).count > 50 })

            try child.terminate(steps: [])

            #expect(marked(entry).isEmpty)
        }
    }

    @Test("what a killed supervisor leaves is found by its mark, and nothing else is touched")
    func leftovers() async throws {
        let scratch = try Scratch()
        let log = scratch.file("pids")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [folder = scratch.path as String, log = log as String] in
            var children = [Child]()
            for mark in [try ProcessTree.mark(ofFolder: folder), "other"] {
                let command = ChildCommand(
                    program: .path("/bin/sh"),
                    arguments: ["-c", "setsid sh -c 'echo $$ >&2; echo; exec sleep 99' & wait"],
                    environment: [("PATH", "/usr/bin:/bin"), (ProcessTree.markName, mark)],
                    workingFolder: folder,
                    errorLogPath: log
                )
                let child = try Child.start(command, clock: clock)
                _ = try ChildGroup.wait(for: [child], until: .distantFuture, clock: clock)
                children.append(child)
            }
            kill(getpid(), SIGKILL)
        }
        let numbers = text(log).split(separator: "\n").compactMap { Int32($0) }
        try #require(numbers.count == 2)
        #expect(numbers.allSatisfy { !isDead($0) })

        let mark = try ProcessTree.mark(ofFolder: scratch.path)
        // Its own child dies with the supervisor, though not at once.
        #expect(eventually { marked("\(ProcessTree.markName)=\(mark)") == [numbers[0]] })
        let killed = ProcessTree.endLeftovers(mark: mark, clock: clock)
        let again = ProcessTree.endLeftovers(mark: mark, clock: clock)

        #expect(killed == [numbers[0]])
        #expect(again.isEmpty)
        #expect(isDead(numbers[0]))
        #expect(!isDead(numbers[1]))
        kill(numbers[1], SIGKILL)
    }

    @Test("the searching process and those above it are never leftovers")
    func ownMark() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            var command = scratch.shell("echo $$; exec sleep 1000")
            command.environment.append((ProcessTree.markName, "desk"))
            let child = try Child.start(command, clock: clock)
            let started = try number(from: child)

            let killed = ProcessTree.endLeftovers(mark: "desk", clock: clock)

            #expect(killed == [started])
            #expect(ProcessTree.endLeftovers(mark: "des", clock: clock).isEmpty)
        }
    }

    @Test("the mark of a folder that is not there is an error")
    func noFolder() {
        let error = #expect(throws: ProcessError.self) {
            try ProcessTree.mark(ofFolder: "/no/such/folder")
        }

        #expect(error?.code == .noSuchFolder)
    }
}
