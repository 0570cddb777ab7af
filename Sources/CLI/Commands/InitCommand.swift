// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import CDeskTemplate
import Desk
import Git
import Supervisor

/// Makes a desk with its own git repository.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a desk in a new or empty folder, with its own git repository.",
        discussion: """
            The desk comes with six native agents, their skills, the bundled bars and an \
            orchestrator.yml to edit. Two desks made by the same version are equal to the commit.

            EXAMPLES
              loopdesk init my-desk
            """
    )

    @Argument(help: "The folder; made when it is missing.")
    var folder: String

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let target = Folder(folder)
        try target.create()
        guard try target.names().isEmpty else {
            throw Failure(
                "\(folder) is not empty; a desk is made in a new folder, and nothing was changed",
                .badData
            )
        }
        let files = Self.files
        for (path, bytes) in files {
            if let slash = path.lastIndex(of: "/") {
                try Folder(target.path(of: String(path[..<slash]))).create()
            }
            try target.replace(path, with: bytes)
        }
        let head = try commit(files)
        _ = try OpenDesk.open(at: folder, zones: SystemZones().database)
        let console = Console()
        if json {
            console.say(["desk": .string(folder), "main": .string(head.description)])
        } else {
            console.say("Made a desk in \(folder). Run it with:\n")
            console.say("  \(CommandLine.arguments[0]) replay --desk \(folder)")
        }
    }

    private static var files: [(path: String, bytes: [UInt8])] {
        var files = (0..<desk_template_count()).map { index in
            let file = desk_template_file_at(index)
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
            return (path: String(cString: file.path), bytes: bytes)
        }
        let ignored = DeskFolder.ignored.joined(separator: "\n") + "\n"
        files.append((".gitignore", Array(ignored.utf8)))
        files.append((".gitattributes", Array(Self.attributes.utf8)))
        files.append(("worktrees/.gitignore", Array("*\n!.gitignore\n".utf8)))
        return files.sorted { $0.path < $1.path }
    }

    /// Lessons add a line each at the same place of a skill; merging two of them keeps both.
    private static let attributes = "agents/*/SKILL.md merge=union\n"

    /// Commits the files as the first commit of main, dated with the first day of the replay, so
    /// that equal desks have equal ids.
    private func commit(_ files: [(path: String, bytes: [UInt8])]) throws -> ObjectID {
        let repository = try Repository.create(at: folder, initialBranch: "main")
        let text = files.first { $0.path == DeskConfiguration.fileName }?.bytes ?? []
        let configuration = try DeskConfiguration(
            parsing: String(decoding: text, as: UTF8.self),
            zones: SystemZones().database
        )
        let author = Signature(
            name: "loopdesk",
            email: "loopdesk@loopdesk.invalid",
            seconds: Instant(configuration.replay.lowerBound).secondsSinceEpoch
        )
        var batch = ObjectBatch()
        var tree = try TreeEditor(repository, tree: nil)
        for file in files { try tree.set(file.path, content: file.bytes) }
        let head = batch.addCommit(
            tree: try tree.write(into: &batch),
            parents: [],
            author: author,
            message: "desk: the default desk, its skills and its data\n"
        )
        try repository.objects.write(batch, isDurable: true)
        try repository.createBranch("main", at: head, by: author)
        try repository.writeMainIndex(of: head)
        try repository.prepareSettings()
        return head
    }
}
