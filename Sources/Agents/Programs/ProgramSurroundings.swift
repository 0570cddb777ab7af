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
