// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A program that is given this process's input, outputs and terminal until it ends.
public enum ForegroundProgram {
    /// Runs a command and waits for its end; what it inherits beside is not handed over.
    ///
    /// An interrupt from the keyboard reaches the program alone. Wraps posix_spawn(3).
    /// - Throws: A ``ProcessError`` when it cannot be started.
    public static func run(_ command: ChildCommand) throws(ProcessError) -> ExitStatus {
        try command.requireWellFormed()
        let path = try command.locateProgram()
        guard chdir(command.workingFolder) == 0 else {
            throw ProcessError("enter folder", command.workingFolder, errorNumber: errno)
        }
        let group = command.mostProcesses.flatMap { CountedGroup(limit: $0) }
        defer { withExtendedLifetime(group) {} }
        // A shell joins the group before it becomes the program.
        let joining =
            group.map { ["/bin/sh", "-c", "echo 0 > \"$0\" && exec \"$@\"", $0.list] } ?? []
        let program = joining.first ?? path
        let wordList = CStringArray(joining + [path] + command.arguments)
        let settingList = CStringArray(command.environment.map { "\($0.name)=\($0.value)" })
        guard let words = wordList.pointers.baseAddress,
            let settings = settingList.pointers.baseAddress
        else { return .running }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, setsDefaults)
        for number in [SIGINT, SIGQUIT] { signal(number, SIG_IGN) }
        defer { for number in [SIGINT, SIGQUIT] { signal(number, SIG_DFL) } }
        var number: pid_t = -1
        let failure = posix_spawn(&number, program, nil, &attributes, words, settings)
        guard failure == 0 else { throw ProcessError("start", path, errorNumber: failure) }
        return try wait(for: number, command)
    }

    private static func wait(
        for number: pid_t,
        _ command: ChildCommand
    ) throws(ProcessError) -> ExitStatus {
        var status: Int32 = 0
        while waitpid(number, &status, 0) < 0 {
            guard errno == EINTR else {
                throw ProcessError("wait for", command.programName, errorNumber: errno)
            }
        }
        let signal = status & 0x7F
        return signal == 0
            ? .exited(code: status >> 8 & 0xFF) : .signalled(number: signal)
    }
}

/// `POSIX_SPAWN_SETSIGDEF`, which not every C library's module exports.
private let setsDefaults: Int16 = 0x04
