// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Git
import Supervisor

extension RescueCommand {
    /// Brings one rescue back.
    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore",
            abstract: "Bring one rescue back, as files in a folder or as a branch.",
            discussion: """
                --to writes the files that the rescue changes into a folder, which may be a \
                worktree. Nothing is overwritten: if anything else has one of the names, nothing \
                is written. --branch makes a new branch that is yours; check it out, or merge from \
                it what you want. No branch of an agent is touched.
                """
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The rescue's ref, or a part of it.")
        var rescue: String

        @Option(name: .long, help: ArgumentHelp("Write the files there.", valueName: "folder"))
        var to: String?

        @Flag(
            name: .long,
            help: "With --to, write all files that were there, not only changed ones."
        )
        var all = false

        @Option(name: .long, help: "The name of a new branch.")
        var branch: String?

        func validate() throws {
            guard branch != nil || to != nil else {
                throw ValidationError("say where to: --to <folder> or --branch <name>")
            }
            guard !all || to != nil else { throw ValidationError("--all goes with --to") }
            guard let branch else { return }
            guard !branch.hasPrefix("agents/"), !branch.hasPrefix("skills/") else {
                throw ValidationError("--branch: agents/ and skills/ belong to the desk")
            }
            guard Repository.isBranchName(branch) else {
                throw ValidationError("--branch: '\(branch)' is no name for a branch")
            }
        }

        func run() throws {
            let desk = try options.open()
            let found = try RescueCommand.find(rescue, in: desk)
            let console = Console()
            var json: [JSON.Member] = [.init("reference", .string(found.reference))]
            if let to {
                let files = try files(of: found, in: desk)
                let written = try desk.repository.export(files, into: to)
                json.append(.init("folder", .string(to)))
                json.append(.init("files", .array(written.map { .string($0) })))
                if !options.json { Self.tell(console, written, of: files, to) }
            }
            if let branch {
                let target = try target(of: found, in: desk)
                try desk.repository.createBranch(branch, at: target, by: desk.maintainer)
                json.append(.init("branch", .string(branch)))
                json.append(.init("commit", .string(target.description)))
                if !options.json {
                    console.say("Made the branch \(branch) at \("\(target)".prefix(10)).")
                }
            }
            if options.json { console.say(.object(json)) }
        }

        private func files(of found: Rescue, in desk: OpenDesk) throws -> [Change] {
            guard all else { return try RescueCommand.files(of: found, in: desk) }
            let tree = try desk.repository.commit(found.commit).tree
            return try desk.repository.changes(from: nil, to: tree)
        }

        /// Of a saved branch the branch itself is wanted, not the note on top of it.
        private func target(of found: Rescue, in desk: OpenDesk) throws -> ObjectID {
            let repository = desk.repository
            guard let head = found.head,
                try repository.commit(head).tree == repository.commit(found.commit).tree
            else { return found.commit }
            return head
        }

        private static func tell(
            _ console: Console,
            _ written: [String],
            of files: [Change],
            _ folder: String
        ) {
            for path in written { console.say("  \(path)") }
            let kept = files.filter { $0.kind != .deleted }.count
            let rest = written.count < kept ? "; \(kept - written.count) were there already" : ""
            let noun = written.count == 1 ? "file" : "files"
            console.say("Wrote \(written.count) \(noun) into \(folder)\(rest).")
        }
    }
}
