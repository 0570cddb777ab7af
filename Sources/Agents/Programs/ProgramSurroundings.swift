// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What an agent's process needs from outside to run a program for each turn.
public struct ProgramSurroundings {
    /// The variables that this process was given.
    public let environment: [(name: String, value: String)]
    /// Runs a program to its end, and hands over the lines that it prints as they come.
    public let run: (ProgramRun, (_ line: [UInt8]) -> Void) -> ProgramEnd

    /// Bundles what is needed.
    public init(
        environment: [(name: String, value: String)],
        run: @escaping (ProgramRun, (_ line: [UInt8]) -> Void) -> ProgramEnd
    ) {
        self.environment = environment
        self.run = run
    }

    /// A variable of this process; nil when it was not given.
    func variable(_ name: String) -> String? {
        environment.first { $0.name == name }?.value
    }
}

/// A program that is to be run once.
public struct ProgramRun: Sendable {
    /// The program and its arguments.
    public let words: [String]
    /// Its whole environment.
    public let environment: [(name: String, value: String)]
    /// What it reads on its standard input, which ends behind it.
    public let input: [UInt8]
}

/// How a program ended.
public enum ProgramEnd: Sendable, Hashable {
    /// It ended by itself with a status.
    case exited(code: Int)
    /// A signal ended it.
    case signalled(number: Int)
    /// It could not be started, or what it printed could not be read.
    case unusable(String)
}
