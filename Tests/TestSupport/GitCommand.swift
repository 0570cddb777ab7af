// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The real `git`, run so that no setting of the person or machine can change the result.
///
/// All variables that git knows are cleared, no configuration beyond the repository's is read, and
/// author, committer and both dates are fixed, so equal content gives equal commit ids.
public struct GitCommand: Sendable {
    /// The folder that git runs in.
    public let folder: String
    /// Seconds since 1970 that commits are dated with, in UTC.
    public let seconds: Int

    /// Names the folder to run in, and the date of commits.
    public init(in folder: String, seconds: Int = 1_700_000_000) {
        self.folder = folder
        self.seconds = seconds
    }

    /// Runs git and returns what it wrote.
    /// - Throws: A ``SupportError`` with git's own words when the status is not 0.
    @discardableResult
    public func run(_ arguments: String...) async throws -> FinishedCommand {
        try await run(arguments)
    }

    /// Runs git and returns what it wrote, whatever the status with `allowsFailure`.
    /// - Throws: A ``SupportError`` with git's own words when the status is not 0 and that is not
    ///   allowed, or when git cannot be started.
    @discardableResult
    public func run(
        _ arguments: [String],
        input: String = "",
        allowsFailure: Bool = false
    ) async throws -> FinishedCommand {
        let result = try await runCommand(
            try CommandEnvironment.requireProgram("git"),
            arguments,
            folder: folder,
            environment: environment,
            input: input
        )
        guard result.isSuccess || allowsFailure else {
            let command = (["git"] + arguments).joined(separator: " ")
            throw SupportError("\(command) in \(folder) failed, \(result.ending): \(result.stderr)")
        }
        return result
    }

    /// Runs git and returns the lines of its standard output.
    /// - Throws: A ``SupportError`` with git's own words when the status is not 0.
    public func lines(_ arguments: String...) async throws -> [String] {
        try await run(arguments).stdout.split(separator: "\n").map(String.init)
    }

    private var environment: [String: String] {
        [
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Test",
            "GIT_AUTHOR_EMAIL": "test@example.invalid",
            "GIT_AUTHOR_DATE": "\(seconds) +0000",
            "GIT_COMMITTER_NAME": "Test",
            "GIT_COMMITTER_EMAIL": "test@example.invalid",
            "GIT_COMMITTER_DATE": "\(seconds) +0000",
            "HOME": folder,
        ]
    }
}
