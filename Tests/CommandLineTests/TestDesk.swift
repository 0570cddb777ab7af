// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import TestSupport

/// A desk made by the built program, in a folder of the running test.
struct TestDesk {
    let path: String

    /// The last day of the replays: 23 sessions after the first.
    static let lastDay = "2000-03-31"
    static let bars = "data/us-equities-daily.csv"

    /// Makes a desk whose replay ends soon, without a control.
    static func make(_ name: String = "desk") async throws -> TestDesk {
        let desk = TestDesk(path: "\(try ScratchFolder.path)/\(name)")
        try await desk.require(["init", desk.path])
        try desk.edit("orchestrator.yml") {
            $0.replacingFirst("through: 2013-03-01", with: "through: \(lastDay)")
                .split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("  control: ") }.joined(separator: "\n")
        }
        try await desk.commit()
        return desk
    }

    var folder: Folder { Folder(path) }
    var git: GitCommand { GitCommand(in: path) }

    // MARK: - Commands

    /// Runs the program with those words.
    @discardableResult
    static func run(_ words: [String], timeout: Duration = .seconds(60)) async throws
        -> FinishedCommand
    {
        let program = try BuiltProduct.path("loopdesk")
        let folder = try ScratchFolder.path
        return try await CommandGate.shared.pass {
            try await runCommand(program, words, folder: folder, timeout: timeout)
        }
    }

    /// Runs a command about this desk.
    @discardableResult
    func run(_ words: String...) async throws -> FinishedCommand {
        try await Self.run(words + ["--desk", path])
    }

    /// Runs a command about this desk and reads the object it prints.
    func json(_ words: String...) async throws -> JSON {
        let result = try await require(words + ["--desk", path, "--json"])
        return try JSON(parsing: Array(result.stdout.utf8))
    }

    /// The heads at the end of a replay.
    func replayedHeads(_ words: String...) async throws -> JSON {
        let result = try await require(["replay"] + words + ["--desk", path, "--json"])
        guard let heads = try JSON(parsing: Array(result.stdout.utf8))["heads"] else {
            throw SupportError("the replay named no heads: \(result.stdout)")
        }
        return heads
    }

    @discardableResult
    private func require(_ words: [String]) async throws -> FinishedCommand {
        let result = try await Self.run(words)
        guard result.isSuccess else {
            throw SupportError("\(words) ended with \(result.ending): \(result.stderr)")
        }
        return result
    }

    // MARK: - Files

    /// Changes a text file of the work tree.
    func edit(_ file: String, _ change: (String) -> String) throws {
        let text = String(decoding: try folder.read(file), as: UTF8.self)
        try write(change(text), to: file)
    }

    /// Leaves only the bars of the first days in the feed, with which a desk comes up at once.
    func keepFirstBars() throws {
        let few = try folder.read(Self.bars).split(separator: 0x0A).filter { line in
            let text = String(decoding: line, as: UTF8.self)
            return !text.contains(",20") || text.contains(",2000-03-0")
        }
        try folder.replace(Self.bars, with: few.flatMap { $0 + [0x0A] })
    }

    func write(_ text: String, to file: String) throws {
        try folder.replace(file, with: Array(text.utf8))
    }

    /// Commits everything on main.
    func commit() async throws {
        try await git.run("add", "--all")
        try await git.run("commit", "--quiet", "--message", "edit the desk")
    }

    /// Every ref with what it points to.
    func references() async throws -> [String] {
        try await git.lines("for-each-ref", "--format=%(refname) %(objectname)")
    }

    /// The branches alone.
    func heads() async throws -> [String] {
        try await references().filter { $0.hasPrefix("refs/heads/") }
    }
}

extension String {
    /// The text with the first place of a part exchanged; the part must be there.
    func replacingFirst(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else {
            preconditionFailure("the text has no \(part)")
        }
        return replacingCharacters(in: range, by: other)
    }

    private func firstRange(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) {
                return start..<index(start, offsetBy: part.count)
            }
            start = index(after: start)
        }
        return nil
    }

    private func replacingCharacters(in range: Range<Index>, by other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
