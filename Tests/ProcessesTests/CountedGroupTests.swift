// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing
import TestSupport

@testable import Processes

@Suite("Groups that count processes", .scratchFolder)
struct CountedGroupTests {
    private static let first = """
        25 21 0:22 / /sys rw - sysfs sysfs rw
        30 29 0:26 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
        31 29 0:27 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
        32 29 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        """
    private static let second = "30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw"
    private static let container =
        "30 23 0:26 /box/7 /sys/fs/cgroup/pids ro,relatime - cgroup cgroup rw,pids"

    @Test(
        "groups are looked for in the own one and above it, where processes are counted",
        arguments: [
            (
                first, "8:pids:/a/b\n4:memory:/c\n0::/d\n",
                [
                    "/sys/fs/cgroup/pids/a/b", "/sys/fs/cgroup/pids/a", "/sys/fs/cgroup/pids",
                    "/sys/fs/cgroup/unified/d", "/sys/fs/cgroup/unified",
                ]
            ),
            (
                first, "5:cpu,pids:/\n",
                ["/sys/fs/cgroup/pids"]
            ),
            (
                second, "0::/user.slice/user-0.slice\n",
                [
                    "/sys/fs/cgroup/user.slice/user-0.slice", "/sys/fs/cgroup/user.slice",
                    "/sys/fs/cgroup",
                ]
            ),
            (
                container, "8:pids:/box/7/inner\n",
                ["/sys/fs/cgroup/pids/inner", "/sys/fs/cgroup/pids"]
            ),
            (container, "8:pids:/elsewhere\n", ["/sys/fs/cgroup/pids"]),
            ("no mounts at all", "8:pids:/a\n", []),
            (second, "not understood", []),
        ] as [(String, String, [String])]
    )
    func folders(_ mounts: String, _ own: String, _ expected: [String]) {
        #expect(CountedGroupPlace.folders(mounts: mounts, own: own) == expected)
    }

    @Test(
        "root is who is root outside of every user namespace",
        arguments: [
            ("         0          0 4294967295\n", true), ("0 1000 1\n1 100000 65536\n", false),
            ("0 100000 65536\n", false), ("", false),
        ]
    )
    func root(_ map: String, _ isRoot: Bool) {
        #expect(CountedGroupPlace.isRoot(map) == isRoot)
    }

    @Test("a folder without a limit is no group, and none is left in it")
    func noController() throws {
        let folder = try ScratchFolder.path

        #expect(CountedGroup(limit: 5, in: CountedGroupPlace(folder: folder)) == nil)
        #expect(CountedGroup(limit: 5, in: nil) == nil)
        #expect(ProcessTable.names(in: folder).filter { $0 != "." && $0 != ".." }.isEmpty)
    }

    @Test("the groups of processes that are gone are removed, and no others")
    func stale() throws {
        let folder = Folder(try ScratchFolder.path)
        let kept = ["loopdesk-\(getpid())-1", "loopdesk-x-1", "loopdesk-1", "other-999999999-1"]
        for name in kept + ["loopdesk-999999999-3"] { try folder.folder(name).create() }

        CountedGroupPlace.removeStale(in: folder.path)

        let left = ProcessTable.names(in: folder.path).filter { $0 != "." && $0 != ".." }
        #expect(left.sorted() == kept.sorted())
    }

    @Test(
        "a child of root's is counted with all that it starts, and its group goes with it",
        .enabled(if: CountedGroupPlace.here != nil, "root makes no control groups here")
    )
    func counted() throws {
        let place = try #require(CountedGroupPlace.here)
        var command = ChildCommand(
            program: .path("/bin/sh"),
            arguments: ["-c", "for i in 1 2 3 4 5 6; do sleep 20 & echo $!; done 2>/dev/null"],
            workingFolder: "/"
        )
        command.mostProcesses = 4

        let child = try Child.start(command, clock: SystemClock())
        let list = try #require(child.group?.list)
        var lines = 0
        let deadline = SystemClock().deadline(in: .seconds(20))
        while child.reaped == nil, SystemClock().now() < deadline {
            for event in try ChildGroup.wait(for: [child], until: deadline, clock: SystemClock()) {
                if case .line = event { lines += 1 }
            }
        }

        #expect(lines == 3)
        #expect(list.hasPrefix("\(place.folder)/loopdesk-\(getpid())-"))
        let isGone = eventually {
            // One that something was still about to end in goes when the next is made.
            _ = CountedGroup(limit: 1)
            return access(list, F_OK) != 0
        }
        #expect(isGone)
    }
}
