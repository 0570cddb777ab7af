// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Processes

/// Runs a strategy's program: bars in, positions out.
///
/// It starts in the strategy's folder with a minimal environment, and its errors go where ours go.
struct ProgramRunner {
    /// How long one run may take.
    static let patience = Duration.seconds(600)
    /// The most bytes that a run may write.
    static let mostBytes = 1 << 30

    /// The folder of the strategy.
    let folder: Folder

    func run(_ words: [String], _ input: [UInt8]) throws -> [UInt8] {
        let clock = SystemClock()
        let deadline = clock.deadline(in: Self.patience)
        let child = try Child.start(command(words), clock: clock)
        try send(input, to: child, until: deadline)
        child.closeInput()
        var output: [UInt8] = []
        while true {
            let events = try ChildGroup.wait(for: [child], until: deadline, clock: clock)
            for event in events {
                switch event {
                case .line(_, let line):
                    output += line
                    output.append(0x0A)
                    guard output.count <= Self.mostBytes else {
                        throw failure(words, "it wrote more than \(Self.mostBytes) bytes")
                    }
                case .exited(_, .exited(code: 0)): return output + child.takeUnfinishedLine()
                case .exited(_, .exited(let code)):
                    throw failure(words, "it ended with status \(code)")
                case .exited(_, .signalled(let number)):
                    throw failure(words, "signal \(number) ended it")
                case .exited(_, .running): throw failure(words, "it ended without a status")
                case .failed(_, let error): throw error
                case .timedOut: throw failure(words, "it took longer than \(Self.patience)")
                case .closedOutput, .interrupted: break
                }
            }
            guard !events.isEmpty else { throw failure(words, "it ended without a status") }
        }
    }

    /// A program that does not want to read all bars is no failure; how it ends decides.
    private func send(
        _ input: [UInt8],
        to child: Child,
        until deadline: MonotonicInstant
    ) throws {
        do throws(ProcessError) {
            for line in input.split(separator: 0x0A, omittingEmptySubsequences: true) {
                try child.send(line: Array(line), until: deadline)
            }
        } catch {
            guard error.code == .inputClosed else { throw error }
        }
    }

    private func command(_ words: [String]) throws -> ChildCommand {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let home = getenv("HOME").map { String(cString: $0) } ?? "/"
        let name = words[0]
        let absolute = try absolutePath(folder.path)
        let program: ChildCommand.Program =
            name.hasPrefix("/")
            ? .path(name)
            : name.contains("/")
                ? .path("\(absolute)/\(name)")
                : .named(name, searchPath: path.split(separator: ":").map(String.init))
        return ChildCommand(
            program: program,
            arguments: Array(words.dropFirst()),
            environment: [("PATH", path), ("HOME", home), ("LANG", "C.UTF-8"), ("TZ", "UTC")],
            workingFolder: absolute,
            errorLogPath: "/dev/stderr",
            lineLimitBytes: 64 << 20
        )
    }

    /// The hash of a file of the strategy's folder, or of one below it, that a word of the command
    /// names; nil for any other word.
    ///
    /// The first word is looked for in `PATH` unless it has a slash.
    func hash(of word: String, isProgram: Bool) throws -> ContentHash? {
        guard !word.isEmpty, !isProgram || word.contains("/"),
            let root = Self.resolved(folder.path),
            let path = Self.resolved(word.hasPrefix("/") ? word : "\(root)/\(word)"),
            path.hasPrefix("\(root)/")
        else { return nil }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return try NamedFile(path).hash()
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func absolutePath(_ path: String) throws -> String {
        guard let resolved = Self.resolved(path) else {
            throw Failure("cannot find the folder \(path)", .notFound)
        }
        return resolved
    }

    private func failure(_ words: [String], _ reason: String) -> Failure {
        Failure("the program \(words[0]) failed: \(reason)", .badData)
    }
}
