// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Models
import Supervisor

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models of a desk and what they have cost, and ask one.",
        discussion: """
            Models are declared under models: in orchestrator.yml. Their keys are read from where \
            secret: says, and are never shown.

            EXAMPLES
              loopdesk models list --desk my-desk
              loopdesk models ask maker 'Say hello.' --desk my-desk
            """,
        subcommands: [List.self, Ask.self]
    )
}

extension ModelsCommand {
    /// Lists what is declared and what was spent.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the models, who is driven by each, and what agents have spent."
        )

        @OptionGroup var options: DeskOptions

        func run() throws {
            let desk = try options.open()
            let book = try SpendingKeeper.load(desk.folder)
            let models = desk.configuration.models.map { model in
                let users = desk.configuration.agents.filter { $0.model == model.name }
                return (model, users.map(\.name.description))
            }
            let console = Console()
            guard !options.json else {
                return console.say(try Self.json(models, book, in: desk))
            }
            console.columns(
                try models.map { model, users in
                    [
                        model.name, PlainText.line(model.model), model.url,
                        try Self.keyState(model, in: desk),
                        users.isEmpty ? "nobody" : users.joined(separator: ", "),
                    ]
                }
            )
            if models.isEmpty {
                console.say("The desk has no models; orchestrator.yml can declare some.")
            }
            for agent in book.agents {
                let (all, today) = (book.account(of: agent).total, book.account(of: agent).today)
                console.say(
                    "\(agent) has spent \(all.tokens) tokens, \(all.money) in money;"
                        + " on \(Self.day(book)) \(today.tokens) and \(today.money)"
                )
            }
        }

        private static func day(_ book: SpendingBook) -> String {
            book.day?.description ?? "no day"
        }

        /// Whether a model's key can be found; the key itself is nobody's to see.
        private static func keyState(
            _ model: ModelConfiguration,
            in desk: OpenDesk
        ) throws -> String {
            guard let source = model.credential?.secret else { return "no key needed" }
            do {
                let isThere = try RouteSecrets.read(source, in: desk.folder.root)?.isEmpty == false
                return isThere ? "key found" : "\(source) holds no key"
            } catch let error as FileError {
                return "\(source): \(error.reason)"
            }
        }

        private static func json(
            _ models: [(ModelConfiguration, [String])],
            _ book: SpendingBook,
            in desk: OpenDesk
        ) throws -> JSON {
            let items = try models.map { model, users -> JSON in
                [
                    "name": .string(model.name), "family": .string(model.family.rawValue),
                    "url": .string(model.url), "model": .string(model.model),
                    "key": .string(try keyState(model, in: desk)),
                    "agents": .array(users.map { .string($0) }),
                ]
            }
            let spent = book.agents.map { agent -> JSON in
                let account = book.account(of: agent)
                return [
                    "agent": .string(agent.description),
                    "tokens": .int(Int64(account.total.tokens)),
                    "money": .string(account.total.money.description),
                    "tokens_today": .int(Int64(account.today.tokens)),
                    "money_today": .string(account.today.money.description),
                ]
            }
            return [
                "models": .array(items), "spent": .array(spent),
                "day": book.day.map { .string($0.description) } ?? .null,
            ]
        }
    }

    /// Asks one.
    struct Ask: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ask",
            abstract: "Ask a model something once, to see whether it is reached.",
            discussion: "It costs what it costs; no budget of an agent is used for it."
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The model.")
        var name: String

        @Argument(help: "What to ask.")
        var words: String

        /// Lets everything pass: a person asks, once.
        private struct Purse: ModelMeter {
            func reserve(_ most: ModelUsage, _ model: ModelConfiguration) {}
            func settle(_ ticket: Void, _ usage: ModelUsage) {}
        }

        func run() throws {
            let desk = try options.open()
            guard let model = desk.configuration.models.first(where: { $0.name == name }) else {
                let known = desk.configuration.models.map(\.name)
                let list = known.isEmpty ? "none" : known.joined(separator: ", ")
                throw Failure("the desk has no model \(name); it has \(list)", .notFound)
            }
            let (client, _) = try ServiceMaker.client(model, in: desk.folder)
            let conversation = Conversation(
                system: [],
                turns: [ConversationTurn(.user, [.text(words)])]
            )
            let answer = try Waiting.run {
                try await client.complete(conversation, meter: Purse())
            }
            let console = Console()
            guard !options.json else { return console.say(answer.json) }
            for line in answer.text.split(separator: "\n", omittingEmptySubsequences: false) {
                console.say(PlainText.line(String(line)))
            }
            for use in answer.uses {
                console.say("wants \(PlainText.line("\(use.name) \(use.input.compactText)"))")
            }
            guard let usage = answer.usage else {
                return console.note("it does not say what it used")
            }
            let cost = model.prices.map { ", \($0.cost(of: usage)) in money" } ?? ""
            console.note("\(usage.total) tokens\(cost)")
        }
    }
}
