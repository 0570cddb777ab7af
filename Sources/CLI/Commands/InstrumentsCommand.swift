// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Processes
import Trading

/// Tells what an instrument is on a date, when it is traded and what a position in it costs.
struct InstrumentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instruments",
        abstract: "Show what can be traded: terms, sessions, margins and fees, by date.",
        discussion: """
            Without a code all products are listed. Every row of the tables has a date from which \
            it holds and a source; a product or a date that is not in them is refused. \
            docs/instruments.md explains each figure and how it is rounded.

            EXAMPLES
              loopdesk instruments
              loopdesk instruments rb2501 --on 2024-12-20
              loopdesk instruments rb2501 --on 2024-12-20 --price 3500 --quantity 2 --exit 3550
              loopdesk instruments rb2501 --at 2024-12-20T21:30:00+08:00
              loopdesk instruments BTC --price 100000 --quantity 0.01 --leverage 10
              loopdesk instruments BTC --price 100000 --quantity 0.01 --premium 0.001 --json
            """
    )

    @Argument(help: ArgumentHelp("A contract, a product or a symbol.", valueName: "code"))
    var code: String?

    @Option(
        help: ArgumentHelp("The date, instead of that of --at or of today.", valueName: "date")
    )
    var on: String?

    @Option(help: ArgumentHelp("Show the session at an instant.", valueName: "time"))
    var at: String?

    @Option(help: ArgumentHelp("The price of a position.", valueName: "price"))
    var price: String?

    @Option(help: ArgumentHelp("Its lots, shares or coins.", valueName: "n"))
    var quantity: String?

    @Option(help: ArgumentHelp("Its direction: long or short.", valueName: "side"))
    var side = "long"

    @Option(help: ArgumentHelp("Show the profit of leaving it at a price.", valueName: "price"))
    var exit: String?

    @Flag(name: .long, help: "It is left on the trading day on which it was entered.")
    var sameDay = false

    @Option(help: ArgumentHelp("The leverage of a perpetual future.", valueName: "n"))
    var leverage: Int?

    @Option(
        help: ArgumentHelp("Its margin, instead of value over leverage.", valueName: "money")
    )
    var margin: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Show its funding at an hour's mean premium.", valueName: "share")
    )
    var premium: String?

    @Flag(name: .long, help: "Print one JSON object instead of text.")
    var json = false

    func validate() throws {
        guard (price == nil) == (quantity == nil) else {
            throw ValidationError("--price and --quantity go together.")
        }
        guard ["long", "short"].contains(side) else {
            throw ValidationError("--side must be long or short.")
        }
        let needsPosition = exit != nil || leverage != nil || margin != nil || premium != nil
        guard price != nil || !needsPosition else {
            throw ValidationError(
                "--exit, --leverage, --margin and --premium need --price and --quantity."
            )
        }
        guard code != nil || (on == nil && at == nil && price == nil) else {
            throw ValidationError("Missing expected argument '<code>'")
        }
    }

    func run() throws {
        let tables = InstrumentTables.bundled
        guard let code else {
            let list = InstrumentList(tables)
            json ? Console().say(list.json) : list.say(to: Console())
            return
        }
        let instant = try at.map { try Self.read("--at", $0, "a time as RFC 3339") { Instant($0) } }
        let instrument = try tables.instrument(code, on: try date(instant))
        let hours = MarketHours(instrument.terms)
        let report = InstrumentReport(
            instrument: instrument,
            hours: hours,
            moment: try instant.map { ($0, try hours.moment(at: $0)) },
            figures: try figures(of: instrument)
        )
        json ? Console().say(report.json) : report.say(to: Console())
    }

    /// The date of `--on`, else that of `--at` at the market, else today's.
    private func date(_ instant: Instant?) throws -> CalendarDate {
        if let on { return try Self.read("--on", on, "a date") { CalendarDate($0) } }
        return (instant ?? SystemWallClock().now()).date
    }

    private func figures(of instrument: Instrument) throws -> [InstrumentFigure] {
        guard let price, let quantity else { return [] }
        let position = PaperPosition(
            instrument: instrument,
            side: side == "long" ? .buy : .sell,
            price: try Price(try Self.decimal("--price", price)),
            quantity: try Quantity(try Self.decimal("--quantity", quantity))
        )
        try instrument.check(position.price, position.quantity)
        var figures = try position.figures
        if let exit {
            let left = try Price(try Self.decimal("--exit", exit))
            figures += try position.leaving(at: left, isSameDay: sameDay)
        }
        if instrument.terms.kind == .perpetual {
            let money = try margin.map { Money(try Self.decimal("--margin", $0)) }
            if let leverage { figures += try position.levered(leverage, margin: money) }
            if let premium {
                figures += try position.funding(premium: Self.decimal("--premium", premium))
            }
        } else if leverage != nil || margin != nil || premium != nil {
            throw Failure(
                "\(instrument.code) is no perpetual future; leave out --leverage, --margin "
                    + "and --premium",
                .badData
            )
        }
        return figures
    }

    private static func decimal(_ option: String, _ text: String) throws -> Decimal8 {
        try read(option, text, "a number of at most eight decimals") { Decimal8($0) }
    }

    private static func read<Value>(
        _ option: String,
        _ text: String,
        _ form: String,
        _ make: (String) -> Value?
    ) throws -> Value {
        guard let value = make(text) else {
            throw Failure("cannot read \(option) '\(text.prefix(40))': expected \(form)", .badData)
        }
        return value
    }
}
