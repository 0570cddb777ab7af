// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension ChildCommand {
    /// The command that starts the same program in a sandbox.
    ///
    /// Environment, folder and descriptors stay what they are; at level A the environment has `PWD`
    /// beside. At level C it is this command.
    /// - Throws: `noSuchProgram`, `permissionDenied` or `invalidCommand` for a program that could
    ///   not be started anyway, and `noSuchProgram` when bubblewrap is missing for level A.
    public func confined(
        by sandbox: Sandbox,
        level: SandboxLevel,
        tools: SandboxTools,
        hasTerminal: Bool = false
    ) throws(ProcessError) -> ChildCommand {
        guard level != .none else { return self }
        try requireWellFormed()
        let path = try locateProgram()
        guard access(path, X_OK) == 0 else { throw Child.programError(path, errno) }
        let prefix = sandbox.prefix(
            level,
            tools,
            folder: workingFolder,
            kept: inherited.map(\.target),
            hasTerminal: hasTerminal
        )
        guard let words = prefix, let first = words.first else {
            throw ProcessError(
                code: .noSuchProgram,
                operation: "start",
                subject: "bwrap",
                hint: "install bubblewrap"
            )
        }
        var command = self
        command.program = .path(first)
        command.arguments = words.dropFirst() + [path] + arguments
        command.displayName = programName
        // The outer bubblewrap is one more than what the launcher's limit counts.
        command.mostProcesses = sandbox.limits.processes + (level == .full ? 1 : 0)
        // Bubblewrap stands between, and says of a program that a signal ended what shells say.
        command.reportsSignalsAsCodes = level == .full
        return command
    }
}
