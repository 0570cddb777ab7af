// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Git
import Supervisor

/// Shows and brings back what a desk saved of people's work.
struct RescueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rescue",
        abstract: "List, show and bring back what was saved before the desk put something right.",
        discussion: """
            What somebody had in an agent's worktree or on its branch is saved below refs/rescue/ \
            before the desk goes on. A rescue is named by its ref, or by any part of it that fits \
            only one.

            EXAMPLES
              loopdesk rescue list --desk my-desk
              loopdesk rescue show 1a2b3c4d --desk my-desk
              loopdesk rescue restore 1a2b3c4d --to found --desk my-desk
              loopdesk rescue restore 1a2b3c4d --branch mine --desk my-desk
            """,
        subcommands: [List.self, Show.self, Restore.self]
    )

    /// Finds the one rescue that a word names.
    static func find(_ word: String, in desk: OpenDesk) throws -> Rescue {
        let all = try desk.repository.rescues()
        let fitting = all.filter { $0.reference == word }
        let found = fitting.isEmpty ? all.filter { $0.reference.contains(word) } : fitting
        guard let first = found.first else {
            throw Failure("no rescue '\(word)'; see them with: loopdesk rescue list", .notFound)
        }
        guard found.count == 1 else {
            let names = found.prefix(3).map(\.reference).joined(separator: ", ")
            throw Failure("'\(word)' fits \(found.count) rescues: \(names)", .badData)
        }
        return first
    }

    /// The files by which a rescue differs from the head that it was saved on.
    static func files(of rescue: Rescue, in desk: OpenDesk) throws -> [Change] {
        let repository = desk.repository
        let tree = try repository.commit(rescue.commit).tree
        guard let head = rescue.head else { return try repository.changes(from: nil, to: tree) }
        let saved = try repository.commit(head)
        // Of a whole branch that was saved, its last commit is shown.
        let isBranch = head == rescue.commit || tree == saved.tree
        let before = isBranch ? saved.parents.first : head
        return try repository.changes(
            from: try before.map { try repository.commit($0).tree },
            to: tree
        )
    }

    static func json(_ rescue: Rescue, _ files: [Change]) -> JSON {
        [
            "reference": .string(rescue.reference),
            "commit": .string(rescue.commit.description),
            "agent": .string(rescue.agent),
            "time": .string(Instant(secondsSinceEpoch: rescue.seconds).description),
            "reason": .string(rescue.reason),
            "head": rescue.head.map { .string($0.description) } ?? .null,
            "archived": .bool(rescue.isArchived),
            "files": .array(files.map { .string($0.path) }),
        ]
    }
}

extension RescueCommand {
    /// Lists the rescues.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List what was saved: where, whose, when, why and which files."
        )

        @OptionGroup var options: DeskOptions

        func run() throws {
            let desk = try options.openToRead()
            let rescues = try desk.repository.rescues()
            let console = Console()
            if options.json {
                let items = try rescues.map {
                    RescueCommand.json($0, try RescueCommand.files(of: $0, in: desk))
                }
                console.say(["rescues": .array(items)])
                return
            }
            for rescue in rescues {
                let names = try RescueCommand.files(of: rescue, in: desk).map(\.path)
                let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
                let time = Instant(secondsSinceEpoch: rescue.seconds)
                console.say("\(rescue.reference)\(rescue.isArchived ? " (archived)" : "")")
                console.say("  \(rescue.agent), on top of \(time): \(rescue.reason)")
                console.say("  \(names.prefix(3).joined(separator: ", "))\(rest)")
            }
            if rescues.isEmpty { console.say("Nothing has been saved.") }
        }
    }

    /// Shows one rescue.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show which files one rescue changes, and how to see their content."
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The rescue's ref, or a part of it.")
        var rescue: String

        func run() throws {
            let desk = try options.openToRead()
            let found = try RescueCommand.find(rescue, in: desk)
            let files = try RescueCommand.files(of: found, in: desk)
            let console = Console()
            guard !options.json else {
                console.say(RescueCommand.json(found, files))
                return
            }
            console.say("\(found.reference)\n  \(found.reason)")
            for file in files { console.say("  \(file.kind.rawValue)  \(file.path)") }
            console.say("See the content with: git show \(found.commit)")
        }
    }
}
