// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import MCP
import Supervisor

struct ConnectorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connectors",
        abstract: "List, check and try the servers of tools that the desk may use.",
        discussion: """
            Connectors are servers of the Model Context Protocol, declared under connectors: in \
            orchestrator.yml and allowed for each agent by name. What a server says of its tools \
            is remembered when it is first used; when it changes, the connector is not used any \
            more until a person accepts the change.

            EXAMPLES
              loopdesk connectors list --desk my-desk
              loopdesk connectors check clock --desk my-desk
              loopdesk connectors call clock get_current_time '{"timezone": "UTC"}'
              loopdesk connectors accept clock 0123456789ab
            """,
        subcommands: [List.self, Check.self, Tools.self, Call.self, Accept.self]
    )

    /// A connector that a person names, ready to be used.
    static func connector(_ name: String, of desk: OpenDesk) throws -> Connector {
        guard let entry = desk.configuration.connectors.first(where: { $0.name == name }) else {
            let known = desk.configuration.connectors.map(\.name)
            let list = known.isEmpty ? "none" : known.joined(separator: ", ")
            throw Failure("the desk has no connector \(name); it has \(list)", .notFound)
        }
        return try ConnectorMaker(desk.folder).make(entry) { text in
            Console().note(PlainText.line("\(name): \(text)"))
        }
    }

    /// Uses a connector and ends it, whatever comes of it.
    static func use<Value: Sendable>(
        _ connector: Connector,
        _ body: @escaping @Sendable (Connector) async throws -> Value
    ) throws -> Value {
        try Waiting.run {
            do {
                let value = try await body(connector)
                await connector.close()
                return value
            } catch {
                await connector.close()
                throw error
            }
        }
    }

    /// What a tool's effects are said to be, for people.
    static func effects(_ tool: ToolDefinition) -> String {
        if tool.annotations.isReadOnly { return "reads" }
        return tool.annotations.isIdempotent ? "writes, may be repeated" : "writes"
    }
}

extension ConnectorsCommand {
    /// Lists what is declared.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the connectors, how each is reached and who may use it."
        )

        @OptionGroup var options: DeskOptions

        func run() throws {
            let desk = try options.open()
            let entries = desk.configuration.connectors.map { entry in
                let users = desk.configuration.agents.filter { $0.connectors.contains(entry.name) }
                return (entry, users.map(\.name.description))
            }
            let console = Console()
            if options.json {
                let items = entries.map { entry, users in
                    JSON.object([
                        .init("name", .string(entry.name)), .init("at", .string(Self.place(entry))),
                        .init("agents", .array(users.map { .string($0) })),
                    ])
                }
                console.say(["connectors": .array(items)])
                return
            }
            console.columns(
                entries.map { entry, users in
                    [
                        entry.name, users.isEmpty ? "nobody" : users.joined(separator: ", "),
                        PlainText.line(Self.place(entry)),
                    ]
                }
            )
            if entries.isEmpty {
                console.say("The desk has no connectors; orchestrator.yml can declare some.")
            }
        }

        private static func place(_ entry: ConnectorConfiguration) -> String {
            switch entry.way {
            case .program(let words, _): words.joined(separator: " ")
            case .address(let url, _): url
            }
        }
    }

    /// Looks at one or all.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Start a connector, or all, and compare its tools with what was accepted.",
            discussion: """
                The status is 1 when one cannot be used. What a server says of itself is shown as \
                it is, control characters as \\u{…}; nothing vouches for it.
                """
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The connector; all when none is named.")
        var name: String?

        func run() throws {
            let desk = try options.open()
            let names = name.map { [$0] } ?? desk.configuration.connectors.map(\.name)
            var items: [JSON] = []
            var isWell = true
            for name in names {
                let connector = try ConnectorsCommand.connector(name, of: desk)
                let result = try ConnectorsCommand.use(connector) { connector in
                    let found: Result<ConnectorExamination, MCPError>
                    do throws(MCPError) {
                        found = .success(try await connector.examine())
                    } catch {
                        found = .failure(error)
                    }
                    return found
                }
                let report = ConnectorReport(name: name, result: result)
                isWell = isWell && report.isWell
                items.append(report.json)
                if !options.json { report.say(to: Console()) }
            }
            if options.json { Console().say(["connectors": .array(items)]) }
            if names.isEmpty, !options.json { Console().say("The desk has no connectors.") }
            if !isWell { throw ExitCode(Failure.Status.failed.rawValue) }
        }
    }

    /// Lists tools.
    struct Tools: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tools",
            abstract: "List the tools of a connector as an agent may call them."
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The connector.")
        var name: String

        func run() throws {
            let connector = try ConnectorsCommand.connector(name, of: try options.open())
            let tools = try ConnectorsCommand.use(connector) { try await $0.tools() }
            let console = Console()
            if options.json {
                console.say(["tools": .array(tools.map(\.json))])
                return
            }
            for tool in tools {
                console.say("\(tool.name) (\(ConnectorsCommand.effects(tool)))")
                for line in tool.description.split(separator: "\n").prefix(8) {
                    console.say(PlainText.line("  \(line)"))
                }
            }
        }
    }

    /// Calls a tool.
    struct Call: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "call",
            abstract: "Call a tool once and show what it gives back.",
            discussion: "The status is 1 when the tool says that it failed."
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The connector.")
        var name: String

        @Argument(help: "The tool.")
        var tool: String

        @Argument(help: "Its arguments as one JSON object.")
        var arguments = "{}"

        func run() throws {
            let given = try JSON(parsing: arguments)
            let connector = try ConnectorsCommand.connector(name, of: try options.open())
            let tool = tool
            let result = try ConnectorsCommand.use(connector) { try await $0.call(tool, given) }
            let console = Console()
            if options.json {
                console.say([
                    "content": .array(result.content), "structured": result.structured ?? .null,
                    "isError": .bool(result.isError),
                ])
            } else {
                for line in result.text.split(separator: "\n", omittingEmptySubsequences: false) {
                    console.say(PlainText.line(String(line)))
                }
            }
            if result.isError { throw ExitCode(Failure.Status.failed.rawValue) }
        }
    }

    /// Accepts what a server says now.
    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept",
            abstract: "Accept the tools of a connector as they are now.",
            discussion: """
                The hash is the one that loopdesk connectors check shows, or its beginning of at \
                least twelve digits: what is accepted is what you have looked at.
                """
        )

        @OptionGroup var options: DeskOptions

        @Argument(help: "The connector.")
        var name: String

        @Argument(help: "The hash of what is accepted.")
        var hash: String

        func validate() throws {
            guard hash.utf8.count >= 12 else {
                throw ValidationError("The hash has at least twelve digits.")
            }
        }

        func run() throws {
            let connector = try ConnectorsCommand.connector(name, of: try options.open())
            let (name, hash) = (name, hash)
            let changes = try ConnectorsCommand.use(connector) { connector in
                let found = try await connector.examine()
                guard found.pins.hash.description.hasPrefix(hash.lowercased()) else {
                    throw Failure(
                        "\(name) does not say now what you looked at; see loopdesk connectors"
                            + " check \(name)",
                        .failed
                    )
                }
                try await connector.accept(found)
                return found.changes
            }
            if options.json {
                let items = changes.map { JSON.string($0.description) }
                Console().say(["connector": .string(name), "accepted": .array(items)])
            } else {
                Console().say("\(name) is accepted as it is now.")
            }
        }
    }
}
