// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Measures what a start costs: /usr/bin/true by itself and behind each level of the sandbox, turn
// about, so that a busy moment meets all alike. See Benchmarks/README.md.

import Basics
import Glibc
import Processes

let clock = SystemClock()
let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200
let base = Folder("/tmp/loopdesk-benchmark-\(getpid())")
try base.folder("work").create()
defer {
    // What stays behind in the temporary folder harms nobody.
    try? base.removeAll()
}

/// Where this program lies, however it was named when it was started.
let program = realpath("/proc/self/exe", nil).map { path in
    defer { free(path) }
    return String(cString: path)
}
let own = (program ?? CommandLine.arguments[0])
    .split(separator: "/", omittingEmptySubsequences: false)
let tools = SandboxTools.look(
    launcher: (own.dropLast() + ["loopdesk-launcher"]).joined(separator: "/"),
    searchPath: ["/usr/local/bin", "/usr/bin", "/bin"]
)
let plain = ChildCommand(program: .path("/usr/bin/true"), workingFolder: "/")
let sandbox = Sandbox(readable: [base.path], writable: [base.path(of: "work")])
let commands = try SandboxLevel.allCases.reversed().map { level in
    (level, try plain.confined(by: sandbox, level: level, tools: tools))
}

/// The milliseconds from the start of a command to its end.
func measure(_ command: ChildCommand) throws -> Double {
    let begun = clock.now()
    let child = try Child.start(command, clock: clock)
    while try !ChildGroup.wait(for: [child], until: clock.deadline(in: .seconds(10)), clock: clock)
        .contains(.exited(0, .exited(code: 0)))
    {
        guard child.exitStatus == .running || child.exitStatus == .exited(code: 0) else {
            print("a start failed: \(child.exitStatus)")
            exit(1)
        }
    }
    return Double(clock.now().nanoseconds - begun.nanoseconds) / 1e6
}

var samples = [[Double]](repeating: [], count: commands.count)
for _ in 0..<rounds {
    for (index, command) in commands.enumerated() {
        samples[index].append(try measure(command.1))
    }
}
print("one start of /usr/bin/true to its end, \(rounds) rounds, milliseconds")
for (index, command) in commands.enumerated() {
    let sorted = samples[index].sorted()
    let figures = [0, rounds / 2, rounds * 95 / 100].map { place in
        let hundredths = Int((sorted[place] * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
    print(
        "level \(command.0.rawValue): least \(figures[0]), median \(figures[1]), p95 \(figures[2])"
    )
}
