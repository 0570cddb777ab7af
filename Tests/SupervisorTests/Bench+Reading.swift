// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import TestSupport

@testable import Supervisor

extension Bench {
    /// Every branch with its commit, by the git command.
    func heads() async throws -> [String] {
        try await git.lines("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/")
    }

    func head(of agent: String) async throws -> String {
        try await git.lines("rev-parse", "refs/heads/agents/\(agent)")[0]
    }

    /// The refs below `refs/rescue/`.
    func rescues() async throws -> [String] {
        try await git.lines("for-each-ref", "--format=%(refname)", "refs/rescue/")
    }

    /// The subjects of an agent's turns, oldest first.
    func subjects(of agent: String) async throws -> [String] {
        try await git.lines(
            "log",
            "--first-parent",
            "--reverse",
            "--format=%s",
            "main..agents/\(agent)"
        )
    }

    /// The files of an agent's folder on its branch.
    func files(of agent: String, in part: String) async throws -> [String] {
        try await git.lines(
            "ls-tree",
            "-r",
            "--name-only",
            "agents/\(agent)",
            "agents/\(agent)/\(part)/"
        )
    }

    /// The text of a file on a branch.
    func show(_ place: String) async throws -> String {
        try await git.run("show", place).stdout
    }

    /// The last dead letter of an agent.
    func deadLetter(of agent: String) async throws -> JSON {
        let files = try await files(of: agent, in: "deadletters")
        guard let last = files.last else { throw SupportError("\(agent) has no dead letter") }
        return try JSON(parsing: Array(try await show("agents/\(agent):\(last)").utf8))
    }

    func trailers(_ key: String, of commit: String) async throws -> [String] {
        try await git.lines("log", "-1", "--format=%(trailers:key=\(key),valueonly)", commit, "--")
    }

    /// Moves an agent's branch back by hand, as if the newest commits had never been published.
    func rewind(_ agent: String, by turns: Int) async throws {
        try await git.run("update-ref", "refs/heads/agents/\(agent)", "agents/\(agent)~\(turns)")
    }

    /// The commits that a desk which is never disturbed ends on.
    static func undisturbed(
        _ days: Int,
        _ setting: Setting = Setting(),
        scripts: [String: String] = [:]
    ) async throws -> [String] {
        let bench = try await make("undisturbed", setting)
        for (agent, text) in scripts { try bench.script(agent, text) }
        try bench.run(through: days)
        return try await bench.heads()
    }
}
