// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import TestSupport

@testable import Processes

@Suite("Sandboxes")
struct SandboxTests {
    private let tools = SandboxTools(
        launcher: "/opt/l/launcher",
        bubblewrap: "/usr/bin/bwrap",
        system: SystemView(
            paths: ["/usr", "/etc/x"],
            links: [.init(path: "/bin", target: "usr/bin")]
        )
    )
    private let sandbox = Sandbox(
        readable: ["/desk/worktrees/a", "/usr/share/desk/data"],
        writable: ["/desk/worktrees/a/work"],
        covered: ["/usr/share/desk", "/desk"]
    )

    private func words(_ level: SandboxLevel, _ sandbox: Sandbox, kept: [Int32] = []) -> [String] {
        sandbox.prefix(level, tools, folder: "/desk/worktrees/a", kept: kept, hasTerminal: false)
            ?? []
    }

    @Test("a writable folder is bound after the folder that it lies in")
    func order() throws {
        let words = words(.full, sandbox)

        let outer = try #require(words.firstIndex(of: "/desk/worktrees/a"))
        let inner = try #require(words.firstIndex(of: "/desk/worktrees/a/work"))
        #expect(words[outer - 1] == "--ro-bind")
        #expect(words[inner - 1] == "--bind")
        #expect(outer < inner)
    }

    @Test("a desk below a folder of the system is covered but for what is named")
    func covered() throws {
        let words = words(.full, sandbox)

        let cover = try #require(words.firstIndex(of: "/usr/share/desk"))
        let data = try #require(words.firstIndex(of: "/usr/share/desk/data"))
        #expect(words[cover - 1] == "--tmpfs")
        #expect(cover < data)
        #expect(!words.contains("/desk"))
    }

    @Test("the launcher keeps named descriptors, and hands the listener over by another")
    func descriptors() {
        var networked = sandbox
        networked.hasListener = true

        #expect(words(.launcher, sandbox, kept: [3]).contains("keep=3"))
        let words = words(.full, networked, kept: [3, 4])
        #expect(words.contains("keep=3"))
        #expect(!words.contains("keep=4"))
        #expect(words.contains("listen=3128:4"))
    }

    @Test("without bubblewrap there is no level A, and level C adds nothing")
    func missing() {
        let bare = SandboxTools(launcher: "/l", bubblewrap: nil, system: tools.system)

        #expect(
            sandbox.prefix(.full, bare, folder: "/", kept: [], hasTerminal: false) == nil
        )
        #expect(words(.none, sandbox).isEmpty)
    }

    /// What the launcher is told, and the status of the step that fails.
    static let failures: [(words: [String], status: Int32)] = [
        (["read=/"], 110), (["--"], 110), (["read=usr", "--", "/usr/bin/true"], 110),
        (["reed=/", "--", "/usr/bin/true"], 110), (["cpu=x", "--", "/usr/bin/true"], 110),
        (["cpu=1", "cpu=2", "--", "/usr/bin/true"], 110), (["keep=999", "--", "/a"], 110),
        (["listen=0:3", "--", "/a"], 110), (["--", "true"], 110),
        (["listen=3128:200", "read=/", "--", "/usr/bin/true"], 112),
        (["read=/nowhere", "--", "/usr/bin/true"], 115),
        (["read=/", "--", "/usr/bin/nowhere"], 127), (["read=/", "--", "/usr"], 126),
        (["read=/", "files=2", "--", "/usr/bin/true"], 115),
    ]

    @Test("a step of the launcher that fails ends it with the step's status", arguments: failures)
    func failClosed(_ failure: (words: [String], status: Int32)) throws {
        let command = ChildCommand(
            program: .path(try BuiltProduct.path("loopdesk-launcher")),
            arguments: failure.words,
            workingFolder: "/"
        )

        #expect(try status(of: command) == .exited(code: failure.status))
    }

    @Test("a program that a signal ends inside looks as if it had been started alone")
    func signals() throws {
        var command = ChildCommand(
            program: .path("/bin/sh"),
            arguments: ["-c", "kill -11 $$"],
            workingFolder: "/"
        )
        command.reportsSignalsAsCodes = true
        #expect(try status(of: command) == .signalled(number: 11))
        command.arguments = ["-c", "exit 139"]
        #expect(try status(of: command) == .signalled(number: 11))
        command.arguments = ["-c", "exit 200"]
        #expect(try status(of: command) == .exited(code: 200))
        command.reportsSignalsAsCodes = false
        command.arguments = ["-c", "exit 139"]
        #expect(try status(of: command) == .exited(code: 139))
    }

    private func status(of command: ChildCommand) throws -> Processes.ExitStatus {
        let child = try Child.start(command, clock: clock)
        while true {
            for event in try ChildGroup.wait(for: [child], until: soon(), clock: clock) {
                if case .exited(_, let status) = event { return status }
                if event == .timedOut { return .running }
            }
        }
    }
}
