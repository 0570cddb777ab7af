// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Expressions

/// Evaluates one expression.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluate an expression of the language that rules and strategies share.",
        discussion: """
            EXAMPLES
              loopdesk eval '1 + 2 * 3'
              loopdesk eval 'sharpe > 1.5 && max_drawdown < 0.10' --with metrics.json
              loopdesk eval 'duration("36h") > duration("1h")' --json
            """
    )

    @Argument(help: "The expression.")
    var expression: String

    @Option(
        name: .long,
        help: ArgumentHelp("A JSON object whose members are the names.", valueName: "file")
    )
    var with: String?

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let parsed = try Expression(parsing: expression)
        let value = try parsed.value(in: try bindings())
        if json {
            Console().say(["value": JSON(value), "text": .string(value.description)])
        } else {
            Console().say(value.description)
        }
    }

    private func bindings() throws -> Bindings {
        guard let with else { return Bindings([:]) }
        let slash = with.lastIndex(of: "/")
        let folder = slash.map { Folder(String(with[..<$0])) } ?? Folder(".")
        let name = slash.map { String(with[with.index(after: $0)...]) } ?? with
        do {
            let json = try JSON(parsing: try folder.read(name, limitBytes: 64 << 20))
            guard case .object = json else {
                throw Failure("\(with): expected an object, found \(json.kind)", .badData)
            }
            return Bindings(json)
        } catch let error as JSONError {
            throw Failure("\(with): \(error)", .badData)
        }
    }
}
