// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite("Interrupts")
struct InterruptTests {
    @Test("the first interrupt wakes a wait", arguments: [SIGINT, SIGTERM])
    func first(number: Int32) async {
        await #expect(processExitsWith: .success) { [number = number as Int32] in
            let interrupts = try Interrupts.install()
            let clock = SystemClock()
            let command = ChildCommand(
                program: .path("/bin/cat"),
                workingFolder: "/",
                errorLogPath: "/dev/null"
            )
            let child = try Child.start(command, clock: clock)
            guard !interrupts.isRequested else { exit(2) }
            kill(getpid(), number)
            let events = try ChildGroup.wait(
                for: [child],
                until: clock.deadline(in: .seconds(5)),
                clock: clock,
                wake: interrupts.descriptor
            )
            guard events == [.interrupted], interrupts.isRequested else { exit(3) }
            interrupts.acknowledge()
            let later = try ChildGroup.wait(
                for: [child],
                until: clock.now(),
                clock: clock,
                wake: interrupts.descriptor
            )
            exit(later == [.timedOut] ? 0 : 4)
        }
    }

    @Test("the second interrupt ends the program at once")
    func second() async {
        await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
            let interrupts = try Interrupts.install()
            kill(getpid(), SIGINT)
            guard eventually({ interrupts.isRequested }) else { exit(2) }
            kill(getpid(), SIGTERM)
            exit(eventually { false } ? 3 : 4)
        }
    }
}
