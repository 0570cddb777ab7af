// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("A desk in the background", .scratchFolder)
struct DetachTests {
    /// A desk of three days that needs a key.
    private func makeDesk() async throws -> TestDesk {
        let desk = try await TestDesk.make()
        let models = """
            models:
              judge: {family: openai, url: "http://127.0.0.1:9", model: m, secret: env:DESK_KEY}
            agents:
            """
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst("through: \(TestDesk.lastDay)", with: "through: 2000-03-03")
                .replacingFirst("agents:", with: models)
                .replacingFirst("role: verifier", with: "role: verifier\n    model: judge")
        }
        try desk.keepFirstBars()
        try await desk.commit()
        return desk
    }

    @Test("has the keys of whoever started it, and what it lacks is told by the start")
    func keys() async throws {
        let desk = try await makeDesk()
        let program = try BuiltProduct.path("loopdesk")
        let words = ["up", "--detach", "--volatile", "--desk", desk.path]

        let without = try await runCommand(program, words)
        let with = try await runCommand(
            program,
            words,
            environment: ["DESK_KEY": "key-0123456789", "NOTIFY_SOCKET": "@nobody"],
            timeout: .seconds(60)
        )
        let status = try await desk.json("status")
        let down = try await desk.run("down")

        expectComplaint(without, status: 69, "env:DESK_KEY holds no key")
        #expect(with.isSuccess, "\(with.stderr)")
        #expect(status["running"]?.stringValue?.contains("loopdesk up") == true)
        #expect(down.isSuccess, "\(down.stderr)")
    }

    @Test(
        "ends when it is moved away, and leaves its place to another",
        arguments: [false, true]
    )
    func displaced(atOnce: Bool) async throws {
        let desk = try await TestDesk.make()
        try desk.keepFirstBars()
        try await desk.commit()
        let scratch = Folder(try ScratchFolder.path)
        _ = try await desk.json("up", "--detach", "--volatile")
        try await desk.run("down")
        let before = try await desk.heads()
        try FileManager.default.copyItem(atPath: desk.path, toPath: scratch.path(of: "backup"))
        let up = try await desk.json("up", "--detach", "--volatile")
        let process = Int32(try #require(up["process"]?.intValue))

        try scratch.move("desk", to: "old")
        if atOnce { try scratch.move("backup", to: "desk") }
        let hasEnded = try await eventually(within: .seconds(10)) { kill(process, 0) != 0 }
        // One that failed to notice must not outlive the test.
        if !hasEnded { _ = kill(process, SIGKILL) }
        if !atOnce { try scratch.move("backup", to: "desk") }
        let after = try await desk.heads()
        let second = try await desk.json("up", "--detach", "--volatile")
        let down = try await desk.run("down")

        #expect(hasEnded)
        #expect(after == before)
        #expect(second["process"] != nil)
        #expect(down.isSuccess, "\(down.stderr)")
        let said = try scratch.read("old/.loopdesk/logs/up.log")
        #expect(String(decoding: said, as: UTF8.self).contains("lock .loopdesk/lock is gone"))
    }
}
