// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Everything the system needs to start a program with its three streams on files.
struct SpawnRequest {
    let path: String
    let arguments: [String]
    let folder: String?
    let environment: [String: String]
    /// The folder with `in`, which is read, and `out` and `err`, which are created.
    let files: String

    /// Starts the program as the leader of a new process group.
    /// - Returns: Its process id.
    func start() throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        prepare(&actions)
        prepare(&attributes)

        let command = try command()
        let words = command.map { strdup($0) }
        let variables = environment.sorted { $0.key < $1.key }.map {
            strdup("\($0.key)=\($0.value)")
        }
        defer { for text in words + variables { free(text) } }
        var processID: pid_t = 0
        let number = posix_spawn(
            &processID,
            command[0],
            &actions,
            &attributes,
            words + [nil],
            variables + [nil]
        )
        guard number == 0 else {
            throw SupportError("cannot start \(path): \(lastSystemReason(number))")
        }
        return processID
    }

    /// The words to start; `env` changes the folder, then becomes the program under the same id.
    private func command() throws -> [String] {
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw SupportError("cannot start \(path): there is no such executable")
        }
        guard let folder else { return [path] + arguments }
        guard FileManager.default.fileExists(atPath: folder) else {
            throw SupportError("cannot start \(path) in \(folder): there is no such folder")
        }
        let env = try CommandEnvironment.requireProgram("env")
        return [env, "--chdir=\(folder)", path] + arguments
    }

    private func prepare(_ actions: inout posix_spawn_file_actions_t) {
        let writing = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "\(files)/in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "\(files)/out", writing, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "\(files)/err", writing, 0o600)
    }

    /// A new group, no signal blocked, none ignored: as if a shell had started it.
    private func prepare(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}
