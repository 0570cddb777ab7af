// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

/// Lowers a limit of this process for good.
private func lower(_ resource: __rlimit_resource, to value: rlim_t) {
    var limit = rlimit(rlim_cur: value, rlim_max: value)
    #expect(setrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0)
}

/// Becomes a user without processes, since the limit of processes does not hold for root.
private func becomeUser(_ number: uid_t) {
    if geteuid() == 0 { #expect(setuid(number) == 0) }
}

private func limitProcesses(to value: rlim_t) {
    var limit = rlimit(rlim_cur: value, rlim_max: 1000)
    #expect(setrlimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue), &limit) == 0)
}

/// The number of descriptors that are open.
private func openDescriptors() -> Int {
    (0..<1024).count { fcntl($0, F_GETFD) != -1 }
}

private let cat = ChildCommand(
    program: .path("/bin/cat"),
    workingFolder: "/",
    errorLogPath: "/dev/null"
)

private func startError() -> ProcessError? {
    do {
        _ = try Child.start(cat, clock: clock)
        return nil
    } catch {
        return error
    }
}

@Suite("Starts that the machine refuses")
struct SpawnLimitTests {
    @Test("each number of descriptors that is too small is a resource limit and leaks nothing")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            // The thread that starts children is there before the limit is.
            #expect(startError() == nil)
            let used = openDescriptors()
            var refused = 0
            for room in 0..<12 {
                var limit = rlimit(rlim_cur: rlim_t(used + room), rlim_max: 1024)
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)

                guard let error = startError() else { continue }
                refused += 1
                #expect(error.code == .resourceLimit, "\(room): \(error)")
                #expect(error.description.contains("try again"))
                #expect(openDescriptors() == used)
            }
            #expect(refused >= 6)
            var ended: Int32 = 0
            #expect(waitpid(-1, &ended, WNOHANG) == -1, "no process is left behind")
        }
    }

    @Test("too few processes are a resource limit, and starts work again when there is room")
    func processes() async {
        await #expect(processExitsWith: .success) {
            #expect(startError() == nil)
            becomeUser(54321)
            limitProcesses(to: 0)

            let error = startError()
            limitProcesses(to: 1000)

            #expect(error?.code == .resourceLimit)
            #expect(error?.errorNumber == EAGAIN)
            #expect(startError() == nil)
        }
    }

    @Test("no room for the thread that starts children is a resource limit too")
    func thread() async {
        await #expect(processExitsWith: .success) {
            becomeUser(54322)
            limitProcesses(to: 0)

            let error = startError()
            limitProcesses(to: 1000)

            #expect(error?.code == .resourceLimit)
            #expect(startError() == nil)
        }
    }

    @Test("a child can be ended with its group when no descriptor is left to look around with")
    func endWithoutDescriptors() async {
        await #expect(processExitsWith: .success) {
            let child = try Child.start(cat, clock: clock)
            lower(RLIMIT_NOFILE, to: 3)

            let status = try child.terminate(steps: [])

            #expect(status == .signalled(number: SIGKILL))
        }
    }

    @Test("300 children of short-lived threads live until they are told to end")
    func shortLivedThreads() throws {
        let scratch = try Scratch()
        var spurious = 0
        for _ in 0..<3 {
            let children = try (0..<100).map { _ in
                try started(scratch.command("/bin/cat"))
            }
            // The threads are gone by now; a child that is tied to one has been killed.
            for child in children {
                child.closeInput()
                if try allEvents(of: child).last != .exited(0, .exited(code: 0)) { spurious += 1 }
            }
        }

        #expect(spurious == 0)
    }

    /// Starts a child from a thread that ends at once.
    private func started(_ command: ChildCommand) throws -> Child {
        let box = Box(command)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { pointer in
                guard let pointer else { return nil }
                let box = Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue()
                box.child = try? Child.start(box.command, clock: clock)
                return nil
            },
            Unmanaged.passRetained(box).toOpaque()
        )
        try #require(failure == 0)
        pthread_join(thread, nil)
        return try #require(box.child)
    }
}

private final class Box {
    let command: ChildCommand
    var child: Child?
    init(_ command: ChildCommand) { self.command = command }
}
