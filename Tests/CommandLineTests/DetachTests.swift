// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
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
        let bars = try desk.folder.read(TestDesk.bars).split(separator: 0x0A)
        let few = bars.filter { line in
            let text = String(decoding: line, as: UTF8.self)
            return !text.contains(",20") || text.contains(",2000-03-0")
        }
        try desk.folder.replace(TestDesk.bars, with: few.flatMap { $0 + [0x0A] })
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
}
