// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite("File locks")
struct LockTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("the second taker learns who holds the lock, and gets it afterwards")
    func twoTakers() throws {
        let path = scratch.file("lock")

        let first = try FileLock.take(path: path, note: "a\nrun")
        let holder = try holder(path)
        drop(first)

        #expect(holder?.processID == getpid())
        #expect(holder?.note == "a run")
        #expect(holder?.bootID.count == 36)
        #expect(try isFree(path))
    }

    @Test(
        "a holder that is asked to end at once is asked twice, even while it does nothing",
        arguments: [(false, ["term"]), (true, ["int", "term"])]
    )
    func interrupt(atOnce: Bool, expected: [String]) throws {
        let said = scratch.file("said")
        let script = """
            trap 'echo term >> \(said)' TERM; trap 'echo int >> \(said)' INT
            trap exit USR1; echo ready; while :; do sleep 0.05; done
            """
        let child = try Child.start(scratch.shell(script), clock: clock)
        _ = try ChildGroup.wait(for: [child], until: clock.deadline(in: .seconds(10)), clock: clock)
        let holder = HolderInfo(processID: child.processID, bootID: "", note: "")

        kill(child.processID, SIGSTOP)
        #expect(eventually { child.isStopped })
        try holder.interrupt(atOnce: atOnce)
        kill(child.processID, SIGCONT)
        func heard() -> [String] { text(said).split(separator: "\n").map(String.init).sorted() }
        let isHeard = eventually { heard().count == expected.count }
        kill(child.processID, SIGUSR1)
        #expect(eventually { child.exitStatus != .running })
        try child.terminate(steps: [])

        #expect(isHeard)
        #expect(heard() == expected)
    }

    @Test("a child does not keep the lock")
    func child() throws {
        let path = scratch.file("lock")
        let lock = try FileLock.take(path: path, note: "run")
        let child = try Child.start(scratch.command("/bin/cat"), clock: clock)

        drop(lock)

        #expect(child.exitStatus == .running)
        #expect(try isFree(path))
    }

    @Test("a crash frees the lock")
    func crash() async throws {
        let path = scratch.file("lock")

        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = try FileLock.take(path: path, note: "run")
            kill(getpid(), SIGKILL)
            _ = consume lock
        }

        #expect(text(path).hasSuffix("run\n"))
        #expect(try isFree(path))
    }

    @Test("a lock in a missing folder is an error")
    func missingFolder() {
        let error = #expect(throws: ProcessError.self) {
            _ = try FileLock.take(path: "/no/such/folder/lock", note: "")
        }

        #expect(error?.code == .systemCall)
    }

    @Test("a lock knows whether the file at its path is still its own")
    func watch() throws {
        let path = scratch.file("lock")
        guard case .taken(let lock) = try FileLock.take(path: path, note: "run") else {
            Issue.record("nobody else has it")
            return
        }

        let held = lock.watch.isInPlace
        #expect(rename(path, scratch.file("moved")) == 0)
        let gone = lock.watch.isInPlace
        guard case .taken(let other) = try FileLock.take(path: path, note: "other") else {
            Issue.record("it is another file")
            return
        }
        let replaced = lock.watch.isInPlace
        #expect(rename(scratch.file("moved"), path) == 0)

        #expect(held && !gone && !replaced)
        #expect(lock.watch.isInPlace && !other.watch.isInPlace)
        _ = consume other
        _ = consume lock
    }

    private func drop(_ outcome: consuming FileLock.Outcome) {}

    private func holder(_ path: String) throws -> HolderInfo? {
        switch try FileLock.take(path: path, note: "other") {
        case .taken: nil
        case .heldBy(let info): info
        }
    }

    private func isFree(_ path: String) throws -> Bool {
        switch try FileLock.take(path: path, note: "other") {
        case .taken: true
        case .heldBy: false
        }
    }
}
