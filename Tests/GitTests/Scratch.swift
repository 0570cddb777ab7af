// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Git

/// A folder that a test may fill, and the git command with nothing of its surroundings.
final class Scratch: Sendable {
    let path: String
    static let person = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("loopdesk-git-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, to name: String) throws {
        let place = URL(fileURLWithPath: file(name))
        let folder = place.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    struct Failure: Error { let output: String }

    /// Runs git in a folder of the scratch; what it prints, both streams together.
    @discardableResult
    func git(_ arguments: String..., in folder: String = "desk") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/git")
        process.arguments = ["-C", file(folder)] + arguments
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": path, "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
            "GIT_AUTHOR_DATE": "1700000000 +0000", "GIT_COMMITTER_DATE": "1700000000 +0000",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(output: output) }
        return output
    }

    func makeDesk() throws -> Repository { try Repository.create(at: file("desk")) }
}

extension Repository {
    /// Commits files on a branch through the fast path.
    @discardableResult
    func publish(
        _ files: [String: String],
        removing removed: [String] = [],
        on branch: String = "main",
        message: String = "Change",
        isDurable: Bool = false
    ) throws -> ObjectID {
        let name = "refs/heads/" + branch
        let head = try reference(name)
        let tree = try head.map { try self.commit($0).tree }
        var editor = try TreeEditor(self, tree: tree)
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            try editor.set(path, content: Array(text.utf8))
        }
        for path in removed { try editor.remove(path) }
        var batch = ObjectBatch()
        let written = try editor.write(into: &batch)
        let made = batch.addCommit(
            tree: written,
            parents: head.map { [$0] } ?? [],
            author: Scratch.person,
            message: message
        )
        try objects.write(batch, isDurable: isDurable)
        let outcome = try update(
            reference: name,
            to: made,
            expecting: head,
            by: Scratch.person,
            message: "commit: \(message)",
            isDurable: isDurable
        )
        guard outcome == .moved else { throw Scratch.Failure(output: "\(outcome)") }
        return made
    }
}
