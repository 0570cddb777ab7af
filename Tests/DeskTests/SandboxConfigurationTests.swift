// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Desk

@Suite("The sandbox in orchestrator.yml")
struct SandboxConfigurationTests {
    private func read(_ sandbox: String, command: String = "") throws -> AgentConfiguration {
        let text = """
            version: 1
            name: boxes
            replay: {from: 2000-03-01, through: 2000-03-08}
            market: {feed: {kind: sim, seed: 1, edge: 0}, symbols: [MSFT], session_close: "21:00"}
            account: {capital: 1000000}
            agents:
              news:
                role: researcher
                on: [bars]
                \(command)
                \(sandbox)
            """
        let configuration = try DeskConfiguration(parsing: text)
        return try #require(configuration.agents.first)
    }

    private func fault(_ sandbox: String) -> String {
        do {
            _ = try read("sandbox: \(sandbox)")
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test("without a word a native agent is content with B and a command insists on A")
    func defaults() throws {
        let native = try read("").sandbox
        let command = try read("", command: "command: [tools/a.py]").sandbox

        #expect(native.minimum(isNative: true) == .launcher)
        #expect(command.minimum(isNative: false) == .full)
        #expect(native.egress.isEmpty && native.read.isEmpty)
        #expect(native.limits.memory == ByteCount(bytes: 2 << 30))
        #expect(native.limits.processes == 128 && native.limits.openFiles == 256)
        #expect(native.limits.fileSize == ByteCount(bytes: 64 << 20) && native.limits.cpu == nil)
    }

    @Test("an agent that may reach something insists on A")
    func hosts() throws {
        let sandbox = try read("sandbox: {hosts: [api.example.com]}").sandbox

        #expect(!sandbox.egress.isEmpty)
        #expect(sandbox.minimum(isNative: true) == .full)
    }

    @Test(
        "what is wrong is named with what would be right",
        arguments: [
            ("A", "agents.news.sandbox: found 'A'; expected a mapping"),
            ("{leval: A}", "agents.news.sandbox.leval: unknown key"),
            ("{level: C}", "agents.news.sandbox.level: found 'C'; expected A, B or unsafe"),
            ("{read: [../x]}", "expected a path inside the desk or an absolute one, without '..'"),
            ("{read: [a//b]}", "agents.news.sandbox.read: found 'a//b'"),
            ("{read: [/]}", "agents.news.sandbox.read: found '/'"),
            (
                "{hosts: [a.b], level: B}",
                "agents.news.sandbox.level: hosts and credentials need a network"
            ),
            ("{limits: {memory: 1kB}}", "expected a size of at least 16MiB such as 64MiB"),
            ("{limits: {processes: 1}}", "expected a whole number from 4 to 65536"),
            ("{limits: {cpu: soon}}", "expected a time such as"),
            ("{limits: {disk: 1}}", "agents.news.sandbox.limits.disk: unknown key"),
        ]
    )
    func faults(_ sandbox: String, _ message: String) {
        #expect(fault(sandbox).contains(message))
    }
}
