// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@Suite("Help", .scratchFolder)
struct HelpTests {
    @Test(
        "each command's help has examples and is as it was read",
        arguments: [
            "", "init", "replay", "up", "down", "halt", "resume", "trigger", "status", "log",
            "logs", "events",
            "explain", "trials", "doctor", "maintain", "rescue", "refused", "release", "sandbox",
            "service", "connectors", "feed",
            "models", "mcp", "backtest", "sweep", "verify", "stats",
            "eval",
            "instruments",
        ]
    )
    func help(command: String) async throws {
        let words = command.isEmpty ? ["--help"] : [command, "--help"]

        let result = try await TestDesk.run(words)

        #expect(result.isSuccess)
        #expect(result.stderr.isEmpty)
        #expect(
            result.stdout.contains("\nEXAMPLES\n  loopdesk ")
                || result.stdout.contains("  EXAMPLES\n")
        )
        try expectSnapshot(result.stdout, "help\(command.isEmpty ? "" : "-\(command)").txt")
    }

    @Test("the version is three numbers")
    func version() async throws {
        let result = try await TestDesk.run(["--version"])

        let numbers = result.stdout.dropLast().split(separator: ".").compactMap { Int($0) }
        #expect(result.isSuccess)
        #expect(numbers.count == 3)
    }

    @Test("completions can be read by the shell", arguments: ["bash"])
    func completions(shell: String) async throws {
        let script = try await TestDesk.run(["--generate-completion-script", shell])

        let check = try await runCommand("/bin/bash", ["-n"], input: script.stdout)
        #expect(script.isSuccess)
        for command in ["init", "replay", "status", "log", "explain", "doctor", "eval", "backtest"]
        {
            #expect(script.stdout.contains(command))
        }
        #expect(check.isSuccess)
        #expect(check.stderr.isEmpty)
    }

    @Test(
        "words that mean nothing are refused with the usage",
        arguments: [
            ["fly"], ["replay", "--slow"], ["init"], ["eval"],
        ]
    )
    func unknown(words: [String]) async throws {
        let result = try await TestDesk.run(words)

        #expect(result.status == 64)
        #expect(result.stderr.contains("Usage: loopdesk"))
        #expect(result.stdout.isEmpty)
    }
}
