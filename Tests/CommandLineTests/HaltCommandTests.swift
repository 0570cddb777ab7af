// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing
import TestSupport

@Suite("loopdesk halt and resume", .scratchFolder)
struct HaltCommandTests {
    @Test("a desk at rest can be halted, says so everywhere, and stays so through a replay")
    func halted() async throws {
        let desk = try await TestDesk.make()

        let halt = try await desk.run("halt", "--reason", "the roof is on fire")
        let status = try await desk.run("status")
        let doctor = try await desk.run("doctor")
        let replay = try await desk.json("replay")
        let after = try await desk.json("status")

        #expect(halt.stdout.hasPrefix("halted; no gateway runs now"))
        #expect(status.stdout.contains("Trading is halted (person): the roof is on fire"))
        #expect(doctor.stdout.contains("LD130 desk-halted"))
        #expect(replay["heads"] != nil)
        #expect(after["halt"]?["halted"] == true)
        #expect(after["halt"]?["done"] == true)
        #expect(after["halt"]?["reason"] == "the roof is on fire")
    }

    @Test("a resume lifts it, and says so when the gateway has done it")
    func resumed() async throws {
        let desk = try await TestDesk.make()
        try await desk.run("halt", "--flatten")

        let resume = try await desk.json("resume")
        let waiting = try await desk.json("status")
        _ = try await desk.json("replay")
        let after = try await desk.json("status")

        #expect(resume == ["halted": false, "handled": false, "was": ""])
        #expect(waiting["halt"] == .null)
        #expect(after["halt"] == .null)
    }

    @Test("a file named now halts, until it is gone")
    func file() async throws {
        let desk = try await TestDesk.make()
        try desk.folder.folder(".loopdesk/halt").create()
        try await desk.run("resume")
        try desk.write("", to: ".loopdesk/halt/now")

        let status = try await desk.json("status")
        _ = try await desk.run("resume")

        #expect(status["halt"]?["source"] == "file")
        #expect(!desk.folder.contains(".loopdesk/halt/now"))
        #expect(try await desk.json("status")["halt"] == .null)
    }

    @Test("a replay under a latch that nobody can read says so, and can be started over")
    func damaged() async throws {
        let desk = try await TestDesk.make()
        try await desk.run("halt")
        let latch = try desk.folder.read(".loopdesk/halt/latch")
        try desk.write(String(repeating: "x", count: latch.count), to: ".loopdesk/halt/latch")

        let replay = try await desk.run("replay")
        try await desk.run("resume")
        let again = try await desk.json("replay", "--fresh")

        expectComplaint(replay, status: 74, "the latch of the kill switch cannot be read")
        #expect(again["state"] == "active")
    }

    @Test("a folder that is no desk is refused and left as it was")
    func noDesk() async throws {
        let path = "\(try ScratchFolder.path)/empty"
        try Folder(path).create()

        for command in ["halt", "resume"] {
            let result = try await TestDesk.run([command, "--desk", path])
            expectComplaint(result, status: 66, "there is no orchestrator.yml")
        }

        #expect(try Folder(path).names().isEmpty)
    }

    @Test("limits that make no sense keep any desk from starting, and doctor names the line")
    func limits() async throws {
        let desk = try await TestDesk.make()
        try desk.write("# ours\ndrawdown: 5 %\n", to: "limits.yml")

        let doctor = try await desk.run("doctor")
        let replay = try await desk.run("replay")
        let live = try await desk.run("up")

        #expect(doctor.stdout.contains("LD131 limits-unusable: limits.yml"))
        #expect(doctor.stdout.contains("limits.yml:2: drawdown: found '5 %'"))
        expectComplaint(replay, status: 65, "limits.yml:2: drawdown: found '5 %'")
        expectComplaint(live, status: 65, "limits.yml:2: drawdown: found '5 %'")
        #expect([replay, live].allSatisfy { $0.stderr.split(separator: "\n").count == 1 })
        #expect(!desk.folder.contains(".loopdesk/ledger.sqlite"))
    }

    @Test("SIGUSR1 to a gateway halts the desk, and it stays halted when the gateway has gone")
    func signal() async throws {
        let desk = try await TestDesk.make()
        // A line that nobody closes keeps the gateway running.
        let gateway = try RunningCommand(
            "/bin/bash",
            [
                "-c", "mkfifo \"$2/line\"; exec \"$1\" gateway --desk \"$2\" 0<>\"$2/line\"", "-",
                try BuiltProduct.path("loopdesk"), desk.path,
            ]
        )
        #expect(
            try await eventually(within: .seconds(30)) {
                desk.folder.contains(".loopdesk/halt/latch")
            }
        )
        func latch() throws -> String {
            String(decoding: try desk.folder.read(".loopdesk/halt/latch"), as: UTF8.self)
        }
        let before = try latch()

        kill(gateway.processID, SIGUSR1)

        #expect(
            try await eventually(within: .seconds(30)) { try latch().contains("SIGUSR1") }
        )
        gateway.kill()
        let after = try await desk.json("status")
        #expect(!before.contains("SIGUSR1"))
        #expect(after["halt"]?["halted"] == true)
        #expect(after["halt"]?["source"] == "signal")
        #expect(after["halt"]?["reason"] == "SIGUSR1")
    }

    @Test("limits of the owner's are named by doctor and change a replay")
    func ownLimits() async throws {
        let desk = try await TestDesk.make()
        try desk.write("orders_per_minute: 10\n", to: "limits.yml")

        let doctor = try await desk.run("doctor", "--json")
        let replay = try await desk.run("replay")

        #expect(!doctor.stdout.contains("LD131"))
        #expect(replay.isSuccess)
    }
}
