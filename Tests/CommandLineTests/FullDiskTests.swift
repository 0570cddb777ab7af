// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

/// The disk is a small file system in a mount namespace of the test's own.
@Suite("A full disk", .scratchFolder)
struct FullDiskTests {
    /// Fills the disk up to some kilobytes, replays, makes room and replays again.
    ///
    /// Each answer goes to standard output on a line of its own.
    private static let script = """
        mount -t tmpfs -o size=32m tmpfs "$1" || exit 77
        cd "$1"
        "$2" init desk >/dev/null || exit 78
        "$2" replay --desk desk --through 2000-03-03 >/dev/null || exit 78
        tr '\\0' x </dev/zero >filler 2>/dev/null
        truncate -s "-$3" filler
        "$2" replay --desk desk --through 2000-03-31 >/dev/null
        echo "status $?"
        rm -f filler
        echo "fsck $(git -C desk fsck --strict --no-dangling 2>&1)"
        "$2" replay --json --desk desk --through 2000-03-31 | sed 's/,"wall_seconds.*//'
        "$2" replay --json --fresh --desk desk --through 2000-03-31 | sed 's/,"wall_seconds.*//'
        """

    /// How a command gets a mount namespace; nil when the kernel forbids it.
    private static func namespaceOptions(_ shell: String) async throws -> [String]? {
        for options in [["-m"], ["-Urm"]] {
            let probe = try await runCommand(
                shell,
                ["-c", "unshare \"$0\" mount -t tmpfs tmpfs /mnt", options[0]]
            )
            if probe.isSuccess { return options }
        }
        return nil
    }

    @Test(
        "the replay says so, loses nothing, and goes on when there is room",
        arguments: [
            "0K", "64K", "200K",
        ]
    )
    func fullDisk(room: String) async throws {
        let shell = "/bin/sh"
        guard let options = try await Self.namespaceOptions(shell) else {
            withKnownIssue("this kernel gives no mount namespace, so no disk can be filled") {
                Issue.record("not tested")
            }
            return
        }
        let scratch = try ScratchFolder.path
        let program = try BuiltProduct.path("loopdesk")
        let words =
            ["-c", "exec unshare \"$0\" sh -c \"$1\" sh \"$2\" \"$3\" \"$4\""]
            + [options[0], Self.script, scratch, program, room]

        let result = try await CommandGate.shared.pass {
            try await runCommand(shell, words, timeout: .seconds(60))
        }

        let lines = result.stdout.split(separator: "\n").map(String.init)
        try #require(lines.count == 4, "\(result.ending) \(result.stdout) \(result.stderr)")
        #expect(["status 69", "status 74"].contains(lines[0]), "\(lines[0])")
        // The desk's own files and the ledger's say it in their own words.
        let says = ["no space left on device", "the disk is full"]
        #expect(says.contains { result.stderr.contains($0) }, "\(result.stderr)")
        #expect(result.stderr.contains("free some"), "\(result.stderr)")
        #expect(lines[1] == "fsck ")
        #expect(lines[2].contains(#""heads":{"agents/backtester""#))
        #expect(lines[2] == lines[3])
    }
}
