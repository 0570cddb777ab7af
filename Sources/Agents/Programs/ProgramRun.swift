// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A program that is to be run once.
public struct ProgramRun: Sendable {
    /// The program and its arguments.
    public let words: [String]
    /// Its whole environment.
    public let environment: [(name: String, value: String)]
    /// What it reads on its standard input, which ends behind it.
    public let input: [UInt8]
}
