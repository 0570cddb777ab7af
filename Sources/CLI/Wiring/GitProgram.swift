// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// The git command, which a desk does without and its owner does not.
enum GitProgram {
    /// Its version, such as `2.39.5`; nil when there is none that answers.
    static func version() -> String? {
        let clock = SystemClock()
        let command = ChildCommand(
            program: .named("git", searchPath: ["/usr/local/bin", "/usr/bin", "/bin"]),
            arguments: ["--version"],
            environment: [("LANG", "C.UTF-8")],
            workingFolder: "/"
        )
        // A command that cannot be started is one that is not there.
        guard let child = try? Child.start(command, clock: clock) else { return nil }
        // It has answered, or is of no use.
        defer { _ = try? child.terminate(steps: []) }
        let deadline = clock.deadline(in: .seconds(5))
        // As for the start.
        while let events = try? ChildGroup.wait(for: [child], until: deadline, clock: clock) {
            for event in events {
                if case .line(_, let line) = event { return version(in: line) }
            }
            let isOver =
                events.isEmpty
                || events.contains { event in
                    if case .line = event { false } else { true }
                }
            if isOver { return nil }
        }
        return nil
    }

    /// The version in a line such as `git version 2.39.5 (Apple Git-154)`.
    private static func version(in line: [UInt8]) -> String? {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count > 2, words[0] == "git", words[1] == "version" else { return nil }
        return String(words[2])
    }
}
