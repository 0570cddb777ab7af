// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import TestSupport
import Testing

@Suite("A desk with models", .scratchFolder)
struct ModelDeskTests {
    static let canary = "canary-key-of-the-desk-0123456789"

    /// Starts the scripted model server of the repository, which takes one key only.
    private func start() async throws -> (server: RunningCommand, port: Int) {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        let server = try RunningCommand(
            "/usr/bin/env",
            ["python3", "\(root)/Tests/Peers/scripted_model.py", "--key", Self.canary]
        )
        _ = try await eventually(within: .seconds(20)) { server.stdout.hasSuffix("\n") }
        let port = Int(server.stdout.split(separator: "\n").first ?? "")
        return (server, try #require(port, "\(server.stderr)"))
    }

    /// A desk whose research is not sealed, so that a year of bars is enough for a model to work.
    private func prepare(_ port: Int) async throws -> TestDesk {
        let desk = try await TestDesk.make()
        let models = """
            models:
              one:
                family: anthropic
                url: http://127.0.0.1:\(port)
                model: maker
                secret: file:keys/model
                prices: {input: 2, output: 10}
              two:
                family: openai
                url: http://127.0.0.1:\(port)/v1
                model: checker
                secret: file:keys/model
            agents:

            """
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst("through: \(TestDesk.lastDay)", with: "through: 2001-03-15")
                .replacingFirst("sealed_years: 2", with: "sealed_years: 0")
                .replacingFirst("agents:\n", with: models)
                .replacingFirst("role: researcher\n", with: "role: researcher\n    model: one\n")
                .replacingFirst("role: verifier\n", with: "role: verifier\n    model: two\n")
        }
        try desk.folder.folder("keys").create()
        try desk.write(Self.canary + "\n", to: "keys/model")
        try desk.write("/keys/\n", to: "keys/.gitignore")
        try await desk.git.run("add", "orchestrator.yml")
        try await desk.git.run("commit", "--quiet", "--message", "models")
        return desk
    }

    @Test("a replay records what its models say, and another one needs no network for the same ids")
    func whole() async throws {
        let (server, port) = try await start()
        let desk = try await prepare(port)
        let early = try await desk.run("replay")

        let recorded = try await desk.replayedHeads("--record")
        server.signal(SIGKILL)
        _ = try await server.finish()
        let log = try await desk.git.lines(
            "log",
            "--format=%s %(trailers:key=Model)",
            "refs/heads/agents/researcher"
        )
        let replayed = try await desk.replayedHeads("--fresh")

        // Without a record nothing is asked, and the replay says what is missing.
        #expect(early.status == 65)
        #expect(early.stderr.contains("nothing is recorded of call 1 (model "))
        #expect(early.stderr.contains("loopdesk replay --record"))
        #expect(log.contains { $0.contains("proposed") && $0.contains("Model: maker") }, "\(log)")
        #expect(replayed == recorded)
        try await expectNoCanary(in: desk)
    }

    /// Looks through every file but the key's own, and through every object.
    private func expectNoCanary(in desk: TestDesk) async throws {
        let word = Data(Self.canary.utf8)
        let paths = FileManager.default.enumerator(atPath: desk.path)?.compactMap { $0 as? String }
        var looked = 0
        for path in paths ?? [] where path != "keys/model" {
            let bytes = FileManager.default.contents(atPath: "\(desk.path)/\(path)")
            looked += bytes == nil ? 0 : 1
            #expect(bytes?.range(of: word) == nil, "\(path)")
        }
        let objects = try await desk.git.run("cat-file", "--batch-all-objects", "--batch")
        #expect(looked > 20)
        #expect(objects.stdout.contains("Model: maker"))
        #expect(!objects.stdout.contains(Self.canary))
    }

    @Test("a key that is missing is told before anything is changed")
    func missingKey() async throws {
        let desk = try await prepare(9)
        try desk.write("\n", to: "keys/model")

        let result = try await desk.run("replay", "--record", "--fresh")

        #expect(result.status == 65)
        #expect(result.stderr.contains("model one: file:keys/model holds no key"))
        #expect(try await desk.references().count == 1)
    }
}
