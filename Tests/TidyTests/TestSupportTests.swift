// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("Support for tests")
struct TestSupportTests {
    @Test("each test case has an empty folder of its own", .scratchFolder, arguments: 1...2)
    func givesFolder(number: Int) throws {
        let path = try ScratchFolder.path

        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        try Data().write(to: URL(filePath: "\(path)/\(number)"))

        #expect(names.isEmpty)
    }

    @Test("a test without the trait is told to add it")
    func needsTrait() {
        #expect(throws: SupportError.self) { try ScratchFolder.path }
    }

    @Test("a scratch folder is gone afterwards, also when the closure throws")
    func removesFolder() async throws {
        var seen: [String] = []

        await #expect(throws: CancellationError.self) {
            try await withScratchFolder { path in
                seen.append(path)
                try Data("a".utf8).write(to: URL(filePath: "\(path)/a"))
                throw CancellationError()
            }
        }

        #expect(seen.count == 1)
        #expect(seen.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
    }

    @Test("a command's two outputs, status and surroundings are as asked", .scratchFolder)
    func runsCommand() async throws {
        let script = "read line; echo \"$line $A $TZ\"; pwd; echo no >&2; exit 3"

        let result = try await runCommand(
            "/bin/sh",
            ["-c", script],
            folder: try ScratchFolder.path,
            environment: ["A": "b"],
            input: "hello\n"
        )

        #expect(result.status == 3)
        #expect(result.stdout == "hello b UTC\n\(try ScratchFolder.path)\n")
        #expect(result.stderr == "no\n")
    }

    @Test("a command that does not end is killed with its children")
    func killsLateCommand() async throws {
        let script = "sleep 600 & echo $!; wait"

        let result = try await runCommand("/bin/sh", ["-c", script], timeout: .milliseconds(300))

        #expect(result.ending == .timedOut)
        let child = try #require(Int32(result.stdout.split(separator: "\n").first ?? ""))
        let isGone = try await eventually { !isRunning(child) }
        #expect(isGone)
    }

    /// Whether a process exists and is no zombie that waits for its parent.
    private func isRunning(_ processID: Int32) -> Bool {
        let path = "/proc/\(processID)/stat"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        return text.split(separator: " ").dropFirst(2).first != "Z"
    }

    @Test("a running command can be read and signalled")
    func signalsCommand() async throws {
        let script = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done"
        let command = try RunningCommand("/bin/sh", ["-c", script])

        let isReady = try await eventually { command.stdout == "ready\n" }
        command.signal(SIGTERM)
        let result = try await command.finish()

        #expect(isReady)
        #expect(result.status == 0)
        #expect(result.stdout == "ready\nbye\n")
    }

    @Test("a program that is not there is an error")
    func refusesMissingProgram() async throws {
        await #expect(throws: SupportError.self) { try await runCommand("/nonexistent/program") }
    }

    @Test("a product that was not built is an error that says how to build it")
    func refusesMissingProduct() throws {
        let error = #expect(throws: SupportError.self) { try BuiltProduct.path("no-such-product") }

        #expect(error?.description.contains("swift build --build-tests") == true)
    }

    @Test("a product beside the running tests is found")
    func findsProduct() throws {
        let running = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let name = try #require(running.split(separator: "/").last)

        #expect(try BuiltProduct.path(String(name)) == running)
    }

    @Test("git gives the same commit id everywhere", .scratchFolder)
    func fixesCommits() async throws {
        let git = GitCommand(in: try ScratchFolder.path)

        try await git.run("init", "--quiet", "--initial-branch=main")
        try await git.run("commit", "--quiet", "--allow-empty", "--message=first")
        let lines = try await git.lines("log", "--format=%H %an %ae %at %ct")

        let id = "3f11339ad6aa3df054703efa608a64590b296b9d"
        #expect(lines == ["\(id) Test test@example.invalid 1700000000 1700000000"])
    }

    @Test("a failing git throws its own words, unless failing is allowed", .scratchFolder)
    func reportsGitFailure() async throws {
        let git = GitCommand(in: try ScratchFolder.path)

        let error = await #expect(throws: SupportError.self) { try await git.run("log") }
        let result = try await git.run(["log"], allowsFailure: true)

        #expect(error?.description.contains("not a git repository") == true)
        #expect(result.status == 128)
    }

    @Test("waiting ends when the condition holds, or when the time is up")
    func waits() async throws {
        var count = 0

        let isMet = try await eventually(within: .seconds(60)) {
            count += 1
            return count == 3
        }
        let isMissed = try await eventually(within: .milliseconds(5)) { false }

        #expect(isMet)
        #expect(!isMissed)
    }
}
