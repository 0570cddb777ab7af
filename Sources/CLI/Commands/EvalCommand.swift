// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Expressions

/// Evaluates one expression on values or on the columns of a file, or a stream of them.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluate an expression of the language that rules and strategies share.",
        discussion: """
            With --data the expression is evaluated on every bar of a file and written as CSV: \
            timestamp,value, the value empty while an indicator warms up. A file of several \
            symbols gets a column symbol in front unless --symbol chooses one.

            With --batch each line of standard input is an object {"expr": "…", "bindings": {…}} \
            and gets one line {"value": …} or {"error": "…"}. Values are objects with one name, \
            their type: {"int":"1"}, {"double":1.5}, {"list":[…]}. Bindings, like the members of \
            the file of --with, are plain JSON or such objects.

            EXAMPLES
              loopdesk eval '1 + 2 * 3'
              loopdesk eval 'sharpe > 1.5 && max_drawdown < 0.10' --with metrics.json
              loopdesk eval 'duration("36h") > duration("1h")' --json
              loopdesk eval 'sma(close, 20) > sma(close, 50)' --data bars.csv --symbol SPY
              echo '{"expr": "x + 1", "bindings": {"x": 2}}' | loopdesk eval --batch
            """
    )

    /// One word; what begins with a minus sign is taken as well, if it is no option.
    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("The expression.", valueName: "expression")
    )
    var words: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("A JSON object whose members are the names.", valueName: "file")
    )
    var with: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A CSV file of bars to evaluate on.", valueName: "file")
    )
    var data: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The only symbol of --data to evaluate on.", valueName: "symbol")
    )
    var symbol: String?

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    @Flag(name: .long, help: "Evaluate every line of standard input.")
    var batch = false

    func validate() throws {
        if batch {
            guard expressions.isEmpty, with == nil, data == nil, symbol == nil, !json else {
                throw ValidationError("--batch reads everything from standard input.")
            }
            return
        }
        guard expressions.count < 2 else {
            let option = expressions.first { $0.hasPrefix("--") && !$0.contains(" ") }
            throw ValidationError(
                option.map { "Unknown option '\($0)'" }
                    ?? "The expression must be one word; put it in quotes."
            )
        }
        guard !expressions.isEmpty else {
            throw ValidationError("Missing expected argument '<expression>'")
        }
        guard symbol == nil || data != nil else {
            throw ValidationError("--symbol needs --data.")
        }
        guard data == nil || (with == nil && !json) else {
            throw ValidationError("--data goes with neither --with nor --json.")
        }
    }

    func run() throws {
        guard let expression = expressions.first else { return try EvalBatch().run() }
        let parsed: Expression
        do {
            parsed = try Expression(parsing: expression)
            guard let data else { return try printValue(of: parsed) }
            try EvalSeries(expression: parsed, path: data, symbol: symbol).run()
        } catch let error as ExpressionError {
            throw Failure(error, in: expression)
        }
    }

    /// The words without a `--` that ends the options.
    private var expressions: ArraySlice<String> {
        words.first == "--" ? words.dropFirst() : words[...]
    }

    private func printValue(of expression: Expression) throws {
        let value = try expression.value(in: try bindings(), zones: SystemZones().resolver)
        if json {
            Console().say(["value": JSON(value), "text": .string(value.description)])
        } else {
            Console().say(value.description)
        }
    }

    private func bindings() throws -> Bindings {
        guard let with else { return Bindings([:]) }
        let octets = try NamedFile(with).read()
        do {
            return try Bindings(json: octets)
        } catch {
            throw Failure("\(with): \(error)", .badData)
        }
    }
}
