// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Foundation
import Synchronization

/// A program that a test has started, whose output can be read while it runs.
///
/// Output goes to files, so a full pipe cannot block the program, and a grandchild that keeps a
/// descriptor open cannot block the test. The program leads its own process group, and the group
/// is killed when the value is let go.
public final class RunningCommand: Sendable {
    /// The process id, which is also the id of its process group.
    public let processID: Int32
    private let files: String
    private let state = Mutex<FinishedCommand.Ending?>(nil)

    /// Starts a program.
    /// - Parameters:
    ///   - path: The program, as an absolute path; nothing is looked up.
    ///   - arguments: What follows the program's name.
    ///   - folder: Its working folder; the test's own when nil.
    ///   - environment: Added to a minimal environment: PATH, C locale, UTC.
    ///   - input: What it reads from standard input.
    /// - Throws: A ``SupportError`` when it cannot be started.
    public init(
        _ path: String,
        _ arguments: [String] = [],
        folder: String? = nil,
        environment: [String: String] = [:],
        input: String = ""
    ) throws {
        files = try ScratchFolder.makeFolder()
        do {
            try Folder(files).replace("in", with: Array(input.utf8))
            processID = try SpawnRequest(
                path: path,
                arguments: arguments,
                folder: folder,
                environment: CommandEnvironment.minimal.merging(environment) { $1 },
                files: files
            ).start()
        } catch {
            ScratchFolder.remove(files)
            throw error
        }
    }

    deinit {
        kill()
        ScratchFolder.remove(files)
    }

    /// All that the program has written to standard output until now.
    public var stdout: String { text("out") }

    /// All that the program has written to standard error until now.
    public var stderr: String { text("err") }

    /// Sends a signal to the program's process group; one that has ended gets none.
    public func signal(_ number: Int32) {
        state.withLock { ending in
            if Self.reap(processID, into: &ending) == nil { Foundation.kill(-processID, number) }
        }
    }

    /// Waits for the program to exit by itself, and kills its group when the time is up.
    /// - Throws: `CancellationError`; the program is then killed as well.
    /// - Returns: How it ended and all it wrote.
    public func finish(within limit: Duration = .seconds(30)) async throws -> FinishedCommand {
        let hasEnded: Bool
        do {
            hasEnded = try await eventually(within: limit) { isEnded }
        } catch {
            kill()
            throw error
        }
        if !hasEnded { kill() }
        let ending = hasEnded ? state.withLock { $0 } ?? .timedOut : .timedOut
        return FinishedCommand(ending: ending, stdout: stdout, stderr: stderr)
    }

    /// Whether the program has ended.
    public var isEnded: Bool {
        state.withLock { Self.reap(processID, into: &$0) != nil }
    }

    /// Kills the process group and collects the program's status.
    public func kill() {
        state.withLock { ending in
            guard Self.reap(processID, into: &ending) == nil else { return }
            Foundation.kill(-processID, SIGKILL)
            ending = Self.wait(for: processID, options: 0)
        }
    }

    private func text(_ name: String) -> String {
        do {
            return String(decoding: try Folder(files).read(name), as: UTF8.self)
        } catch {
            return "(\(error))"
        }
    }

    private static func reap(
        _ processID: Int32,
        into ending: inout FinishedCommand.Ending?
    ) -> FinishedCommand.Ending? {
        if ending == nil { ending = wait(for: processID, options: WNOHANG) }
        return ending
    }

    /// Collects the status; nil while the program runs.
    private static func wait(for processID: Int32, options: Int32) -> FinishedCommand.Ending? {
        var status: Int32 = 0
        var answer = waitpid(processID, &status, options)
        while answer < 0, errno == EINTR { answer = waitpid(processID, &status, options) }
        if answer == 0 { return nil }
        precondition(answer == processID, "somebody else collected the status of the program")
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }
}

/// Runs a program to its end and returns what it wrote; its process group is killed on timeout.
/// - Parameters:
///   - path: The program, as an absolute path; nothing is looked up.
///   - arguments: What follows the program's name.
///   - folder: Its working folder; the test's own when nil.
///   - environment: Added to a minimal environment: PATH, C locale, UTC.
///   - input: What it reads from standard input.
///   - timeout: How long it may run.
/// - Throws: A ``SupportError`` when it cannot be started. A failing exit is no error.
/// - Returns: How it ended and all it wrote.
public func runCommand(
    _ path: String,
    _ arguments: [String] = [],
    folder: String? = nil,
    environment: [String: String] = [:],
    input: String = "",
    timeout: Duration = .seconds(30)
) async throws -> FinishedCommand {
    let command = try RunningCommand(
        path,
        arguments,
        folder: folder,
        environment: environment,
        input: input
    )
    return try await command.finish(within: timeout)
}
