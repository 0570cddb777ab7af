// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import TestSupport

/// A desk with two sessions of bars whose researchers are programs that are started for each turn.
struct ProgramDesk {
    let desk: TestDesk

    /// One researcher: its script, which is Python, and further lines of its entry.
    struct Agent {
        let name: String
        let script: String
        var entry = "program: {kind: once}"
        /// How the command names the script.
        var command: String?
    }

    /// Makes the desk; each program has one attempt at a turn.
    static func make(
        _ agents: [Agent],
        timeout: String = "20s",
        name: String = "desk"
    ) async throws -> ProgramDesk {
        let desk = try await TestDesk.make(name)
        try desk.folder.folder("tools").create()
        var entries = ""
        for agent in agents {
            let file = "tools/\(agent.name).py"
            try desk.write("#!/usr/bin/python3 -ISs\n" + prelude + agent.script, to: file)
            guard chmod(desk.folder.path(of: file), 0o755) == 0 else {
                throw SupportError("cannot make \(file) executable")
            }
            try desk.folder.folder("agents/\(agent.name)").create()
            try desk.write(
                "---\nname: \(agent.name)\ndescription: Tries things.\n---\n# Tries\n\nTry.\n",
                to: "agents/\(agent.name)/SKILL.md"
            )
            entries += """
                  \(agent.name):
                    role: researcher
                    on: [bars]
                    command: \(agent.command ?? "[\(file)]")
                    \(agent.entry)

                """
        }
        try desk.edit("orchestrator.yml") { text in
            text.replacingFirst("agents:\n", with: "agents:\n\(entries)")
                .replacingFirst("turn_timeout: 30s", with: "turn_timeout: \(timeout)")
                .replacingFirst("attempts: 3", with: "attempts: 1")
        }
        try desk.edit(TestDesk.bars) { text in
            text.split(separator: "\n")
                .filter {
                    !$0.contains("-") || $0.contains(",2000-03-01,") || $0.contains(",2000-03-02,")
                }
                .joined(separator: "\n") + "\n"
        }
        try await desk.commit()
        return ProgramDesk(desk: desk)
    }

    /// What every script may use: to remember, and to say a note.
    private static let prelude = """
        import glob, json, os, signal, subprocess, sys, time
        AGENT, TURN = os.environ["LOOPDESK_AGENT"], int(os.environ["LOOPDESK_TURN"])
        def remember():
            with open(f"agents/{AGENT}/STATE.md", "w") as file:
                file.write(f"---\\nturn: {TURN}\\n---\\n")
        def note(text):
            with open("outbox/1-note.md", "w") as file:
                file.write(text)

        """

    /// The subjects of an agent's turns, oldest first.
    func subjects(_ agent: String) async throws -> [String] {
        try await desk.git.lines("log", "--reverse", "--format=%s", "main..agents/\(agent)")
    }

    /// The note of an agent's newest turn that has one.
    func note(_ agent: String) async throws -> String {
        let names = try await desk.git.lines(
            "ls-tree",
            "-r",
            "--name-only",
            "agents/\(agent)",
            "--",
            "agents/\(agent)/notes"
        )
        guard let last = names.max() else { throw SupportError("\(agent) wrote no note") }
        return try await desk.git.run("show", "agents/\(agent):\(last)").stdout
    }

    /// Whether a process runs that was started for an agent of the desk.
    func isRunning(_ agent: String) -> Bool {
        let mark = Array("LOOPDESK_AGENT=\(agent)\0".utf8)
        let folder = Array(desk.path.utf8)
        let names = (try? Folder("/proc").names()) ?? []
        return names.filter { Int($0) != nil }.contains { name in
            guard let bytes = try? Folder("/proc/\(name)").read("environ") else { return false }
            return bytes.firstRange(of: mark) != nil && bytes.firstRange(of: folder) != nil
        }
    }
}
