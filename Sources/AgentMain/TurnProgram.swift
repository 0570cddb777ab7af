// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Glibc
import Processes

/// Runs a program of somebody's inside of the agent's sandbox, for one turn.
///
/// How long that may take is the supervisor's to say: it ends this process, and with it all that
/// it has started.
struct TurnProgram {
    let clock: SystemClock

    /// The longest line that a program may print, in bytes.
    private static let lineLimitBytes = 16 << 20
    /// How long a program may leave its input unread.
    private static let inputPatience = Duration.seconds(60)

    /// What an agent's loop needs of it.
    var surroundings: ProgramSurroundings {
        ProgramSurroundings(environment: Self.environment, run: run)
    }

    /// What this process was given; no more than that is handed on.
    private static var environment: [(name: String, value: String)] {
        var variables: [(name: String, value: String)] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let sign = text.firstIndex(of: "=") {
                variables.append((String(text[..<sign]), String(text[text.index(after: sign)...])))
            }
            next += 1
        }
        return variables
    }

    private func run(_ run: ProgramRun, _ take: (_ line: [UInt8]) -> Void) -> ProgramEnd {
        do {
            // What the program leaves behind must not go on writing once its turn is read.
            try ProcessTree.adoptOrphans()
            let child = try Child.start(try command(run), clock: clock)
            try send(run.input, to: child)
            child.closeInput()
            return try follow(child, take)
        } catch {
            return .unusable("\(error)")
        }
    }

    private func command(_ run: ProgramRun) throws -> ChildCommand {
        guard let program = run.words.first else { throw AgentError("the command is empty") }
        let path = run.environment.first { $0.name == "PATH" }?.value ?? ""
        var folder = [CChar](repeating: 0, count: 4096)
        guard getcwd(&folder, folder.count) != nil else {
            throw AgentError("the folder of this process is gone")
        }
        let bytes = folder.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return ChildCommand(
            program: program.hasPrefix("/")
                ? .path(program)
                : .named(program, searchPath: path.split(separator: ":").map(String.init)),
            arguments: Array(run.words.dropFirst()),
            environment: run.environment,
            workingFolder: String(decoding: bytes, as: UTF8.self),
            errorSink: { lines in
                for line in lines { Self.tell(line) }
            },
            lineLimitBytes: Self.lineLimitBytes
        )
    }

    /// A program that does not want to read its input is no failure; how it ends decides.
    private func send(_ input: [UInt8], to child: Child) throws {
        let deadline = clock.deadline(in: Self.inputPatience)
        do throws(ProcessError) {
            for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) {
                try child.send(line: Array(line), until: deadline)
            }
        } catch {
            guard error.code == .inputClosed else { throw error }
        }
    }

    private func follow(_ child: Child, _ take: (_ line: [UInt8]) -> Void) throws -> ProgramEnd {
        while true {
            let events = try ChildGroup.wait(for: [child], until: .distantFuture, clock: clock)
            for event in events {
                switch event {
                case .line(_, let line): take(line)
                case .exited(_, let status):
                    take(child.takeUnfinishedLine())
                    return Self.end(status)
                case .failed(_, let error):
                    return .unusable("\(error)")
                case .closedOutput, .timedOut, .interrupted: break
                }
            }
            guard !events.isEmpty else { return .unusable("it ended without a status") }
        }
    }

    private static func end(_ status: ExitStatus) -> ProgramEnd {
        switch status {
        case .exited(let code): .exited(code: Int(code))
        case .signalled(let number): .signalled(number: Int(number))
        case .running: .unusable("it ended without a status")
        }
    }

    /// Hands a line of the program's errors on to where ours go.
    private static func tell(_ line: ErrorLine) {
        var bytes: [UInt8]
        switch line {
        case .text(let text, _): bytes = text
        case .dropped(let count): bytes = Array("\(count) lines came too fast".utf8)
        }
        bytes.append(0x0A)
        // Errors are for people; one that cannot be told is not worth a turn.
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
