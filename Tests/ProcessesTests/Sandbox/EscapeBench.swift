// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import TestSupport

@testable import Processes

/// A scratch desk, things outside that can be attacked, and a hostile program that attacks them
/// from the place of an agent called maker.
final class EscapeBench {
    /// What of a sandbox is in the attacker's way.
    enum Wall: String, CaseIterable {
        case none, launcher, bubblewrap, both
    }

    let desk: Folder
    private let outside: Child
    private var facts: [String] = []
    private let tools: SandboxTools
    private let program: String

    init() throws {
        desk = Folder(try ScratchFolder.path).folder("desk")
        program = try BuiltProduct.path("loopdesk-escape")
        tools = .look(
            launcher: try BuiltProduct.path("loopdesk-launcher"),
            searchPath: ["/usr/local/bin", "/usr/bin", "/bin"]
        )
        for path in Self.files {
            let parts = path.split(separator: "/")
            let folder = desk.folder(parts.dropLast().joined(separator: "/"))
            try folder.create()
            try folder.replace(String(parts[parts.count - 1]), with: Array("---\n---\n".utf8))
        }
        outside = try Child.start(
            ChildCommand(
                program: .path(program),
                arguments: ["outside", desk.path],
                environment: [("SECRET_OF_THE_SUPERVISOR", "x")],
                workingFolder: desk.path
            ),
            clock: SystemClock()
        )
        facts =
            try lines(of: outside) { $0 == "ready=yes" } + [
                "desk=\(desk.path)", "home=\(desk.path(of: "home"))", "leak=9",
            ]
    }

    /// What a desk has; each is attacked by something.
    private static let files = [
        ".git/HEAD", ".git/config", ".git/hooks/sample", ".git/refs/heads/main",
        ".loopdesk/ledger.sqlite", ".loopdesk/lock", ".loopdesk/logs/a.jsonl",
        ".loopdesk/market/full/history.csv", ".loopdesk/market/research/history.csv",
        "data/bars.csv", "orchestrator.yml", "home", "worktrees/checker/agents/checker/STATE.md",
        "worktrees/checker/outbox/1.part", "worktrees/maker/.git",
        "worktrees/maker/agents/maker/SKILL.md", "worktrees/maker/agents/maker/STATE.md",
        "worktrees/maker/inbox/0001-bars.json", "worktrees/maker/outbox/1.part",
        "worktrees/maker/work/old",
    ]

    var worktree: Folder { desk.folder("worktrees/maker") }

    /// The sandbox of the maker.
    var sandbox: Sandbox {
        Sandbox(
            readable: [
                worktree.path, desk.path(of: ".loopdesk/market/research"), program,
            ],
            writable: ["outbox", "work", "agents/maker/STATE.md"].map { worktree.path(of: $0) },
            covered: [desk.path],
            limits: SandboxLimits(
                memoryBytes: 256 << 20,
                processes: 40,
                fileBytes: 16 << 20,
                openFiles: 256,
                cpuSeconds: 1,
                temporaryBytes: 8 << 20
            )
        )
    }

    /// The names of all attempts, and of the normal actions.
    func names() throws -> (attempts: [String], normal: [String]) {
        let child = try Child.start(command(["list"]), clock: SystemClock())
        let all = try lines(of: child) { _ in false }
        return (
            all.filter { !$0.hasPrefix("normal-") }, all.filter { $0.hasPrefix("normal-") }
        )
    }

    /// Those of the named attempts that succeed.
    func succeeding(_ names: [String], behind wall: Wall) throws -> [String] {
        let leak = open("/", O_RDONLY | O_CLOEXEC)
        defer { close(leak) }
        return try names.filter { name in
            var attempt = command(["try", name] + facts)
            switch wall {
            case .none: break
            case .launcher, .both:
                attempt = try attempt.confined(
                    by: sandbox,
                    level: wall == .both ? .full : .launcher,
                    tools: tools
                )
            case .bubblewrap:
                attempt = try attempt.confined(by: sandbox, level: .full, tools: tools)
                try leaveOutLauncher(of: &attempt)
            }
            // Behind the back of whoever made the command, as a descriptor that was forgotten.
            attempt.inherited.append(.init(source: leak, target: 9))
            let child = try Child.start(attempt, clock: SystemClock())
            return try lines(of: child) { _ in false } == ["yes"]
        }
    }

    private func leaveOutLauncher(of command: inout ChildCommand) throws {
        guard let start = command.arguments.lastIndex(of: tools.launcher),
            let end = command.arguments[start...].firstIndex(of: "--")
        else { throw SupportError("there is no launcher in the command") }
        command.arguments.removeSubrange(start...end)
    }

    private func command(_ arguments: [String]) -> ChildCommand {
        ChildCommand(
            program: .path(program),
            arguments: arguments,
            environment: [("PATH", "/usr/bin:/bin")],
            workingFolder: worktree.path,
            errorLogPath: "/dev/null"
        )
    }

    /// What a child writes until it ends or a line says that it is enough.
    private func lines(of child: Child, until isEnough: (String) -> Bool) throws -> [String] {
        let clock = SystemClock()
        let deadline = clock.deadline(in: .seconds(30))
        var lines: [String] = []
        while true {
            for event in try ChildGroup.wait(for: [child], until: deadline, clock: clock) {
                switch event {
                case .line(_, let bytes):
                    let line = String(decoding: bytes, as: UTF8.self)
                    if isEnough(line) { return lines }
                    lines.append(line)
                case .exited: return lines
                case .timedOut: throw SupportError("an attempt took too long")
                default: break
                }
            }
        }
    }
}
