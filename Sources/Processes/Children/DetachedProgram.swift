// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A program that goes on when this one ends.
public enum DetachedProgram {
    /// Starts a program in a session of its own, without a terminal, and waits for it to be ready.
    ///
    /// It writes to a log file and is handed descriptor 3, to which it writes one byte once it is
    /// ready. Wraps posix_spawn(3) with `POSIX_SPAWN_SETSID`.
    /// - Parameters:
    ///   - path: The program.
    ///   - arguments: What follows its name.
    ///   - environment: Its whole environment.
    ///   - logPath: Where both of its outputs go; made if need be, added to otherwise.
    ///   - deadline: How long to wait.
    ///   - clock: The clock of the deadline.
    /// - Returns: Its process number; nil when it ended, or said nothing until the deadline.
    /// - Throws: A ``ProcessError`` when it cannot be started.
    public static func start(
        _ path: String,
        _ arguments: [String],
        environment: [(name: String, value: String)],
        logPath: String,
        until deadline: MonotonicInstant,
        clock: any MonotonicClock
    ) throws(ProcessError) -> Int32? {
        let pipe = try DescriptorPair.makePipe()
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawnattr_setflags(&attributes, newSession)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let mode = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 1, logPath, mode, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        posix_spawn_file_actions_adddup2(&actions, pipe.second.number, 3)
        let wordList = CStringArray([path] + arguments)
        let settingList = CStringArray(environment.map { "\($0.name)=\($0.value)" })
        var number: pid_t = -1
        guard let words = wordList.pointers.baseAddress,
            let settings = settingList.pointers.baseAddress
        else { return nil }
        let failure = posix_spawn(&number, path, &actions, &attributes, words, settings)
        guard failure == 0 else { throw ProcessError("start", path, errorNumber: failure) }
        _ = consume pipe.second
        return try isReady(pipe.first, until: deadline, clock) ? number : nil
    }

    /// Waits for the byte; the end of the pipe means that the program has ended.
    private static func isReady(
        _ descriptor: borrowing Descriptor,
        until deadline: MonotonicInstant,
        _ clock: any MonotonicClock
    ) throws(ProcessError) -> Bool {
        let isReadable = try Readiness.wait(
            for: Readiness.readable,
            on: descriptor.number,
            until: deadline,
            clock: clock
        )
        guard isReadable else { return false }
        var byte: UInt8 = 0
        return read(descriptor.number, &byte, 1) == 1
    }
}

/// `POSIX_SPAWN_SETSID`, which not every C library's module exports.
private let newSession: Int16 = 0x80
