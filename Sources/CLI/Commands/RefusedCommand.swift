// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Supervisor

/// Shows what agents wrote and the desk refused.
struct RefusedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refused",
        abstract: "List, show and forget what agents wrote and the desk refused to publish.",
        discussion: """
            A turn whose output is refused runs again. What was refused is kept in \
            .loopdesk/refused/, secrets masked, and named by agent, turn and a number.

            EXAMPLES
              loopdesk refused list --desk my-desk
              loopdesk refused show researcher/12-1 --desk my-desk
              loopdesk refused show researcher/12-1 outbox/1-proposal.json --desk my-desk
              loopdesk refused clear --desk my-desk
            """,
        subcommands: [List.self, Show.self, Clear.self]
    )

    /// The output that a word names.
    static func load(_ word: String, of desk: OpenDesk) throws -> (RefusedStore.ID, RefusedOutput) {
        guard let id = RefusedStore.ID(word) else {
            throw Failure(
                "'\(word)' is no refused output; they look like researcher/12-1",
                .badData
            )
        }
        do {
            return (id, try RefusedStore(desk.folder).load(id))
        } catch let error as FileError where error.code == .notFound {
            throw Failure(
                "no refused output '\(word)'; see them with: loopdesk refused list",
                .notFound
            )
        }
    }

    static func json(_ id: RefusedStore.ID, _ output: RefusedOutput) -> JSON {
        .object([JSON.Member("id", .string(id.description))] + (output.json.objectValue ?? []))
    }

    /// One file as a line.
    static func line(_ file: RefusedOutput.File) -> String {
        let kind = file.kind == "file" ? "\(file.length) bytes" : file.kind
        var notes: [String] = []
        if file.kind == "file", !file.isWhole {
            notes.append(file.content == nil ? "not kept" : "kept in part")
        }
        if file.masked > 0 { notes.append("\(file.masked) masked") }
        let note = notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
        return PlainText.line("  \(file.path)  \(kind)\(note)")
    }
}

extension RefusedCommand {
    /// Lists what is kept.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List what was refused: whose, in which turn, why and which files."
        )

        @OptionGroup var options: DeskOptions

        func run() throws {
            let desk = try options.openToRead()
            let store = RefusedStore(desk.folder)
            let outputs = try store.ids().map { ($0, try store.load($0)) }
            let console = Console()
            if options.json {
                let items = outputs.map { RefusedCommand.json($0, $1) }
                console.say(["refused": .array(items)])
                return
            }
            for (id, output) in outputs {
                console.say("\(id) at \(output.time), \(output.files.count + output.more) files")
                console.say(PlainText.line("  \(output.reason)"))
            }
            if outputs.isEmpty { console.say("Nothing has been refused.") }
        }
    }

    /// Shows one output.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show why one output was refused and what was in it.",
            discussion: """
                Control characters are shown as \\u{…}. With --json the content is base64, byte \
                for byte except for secrets, which are masked.
                """
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The output, such as researcher/12-1.")
        var output: String

        @Argument(help: "One of its files, whose content is shown.")
        var file: String?

        func run() throws {
            let (id, found) = try RefusedCommand.load(output, of: try options.openToRead())
            let console = Console()
            guard let file else {
                guard !options.json else { return console.say(RefusedCommand.json(id, found)) }
                console.say("\(id) at \(found.time)")
                console.say(PlainText.line("  \(found.reason)"))
                for file in found.files { console.say(RefusedCommand.line(file)) }
                if found.more > 0 { console.say("  and \(found.more) more, not kept") }
                return
            }
            guard let one = found.files.first(where: { $0.path == file }) else {
                throw Failure("\(id) has no file '\(file)'", .notFound)
            }
            guard !options.json else { return console.say(one.json) }
            guard let content = one.content else {
                throw Failure("the content of '\(file)' was not kept", .notFound)
            }
            let text = String(decoding: content, as: UTF8.self)
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                console.say(PlainText.line(String(line)))
            }
        }
    }

    /// Forgets outputs.
    struct Clear: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear",
            abstract: "Forget one output, or all that are kept."
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The output, such as researcher/12-1; all without it.")
        var output: String?

        func run() throws {
            let desk = try options.open()
            let store = RefusedStore(desk.folder)
            let ids = try output.map { [try RefusedCommand.load($0, of: desk).0] } ?? store.ids()
            for id in ids { try store.remove(id) }
            let console = Console()
            if options.json {
                console.say(["cleared": .array(ids.map { .string($0.description) })])
            } else {
                console.say("Forgot \(ids.count) refused outputs.")
            }
        }
    }
}
