// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
public import Models
import Synchronization

/// Keeps on the disk what a desk has spent on models, and sees to its budgets.
///
/// Each line of the file is the whole book, and the last one counts: a line is added in a tenth of
/// the time that a file takes to be made anew.
public final class SpendingKeeper: Sendable {
    private struct State: ~Copyable {
        var book: SpendingBook
        var file: AppendedFile
        /// What the file holds; nil when it has to be made anew before anything is added.
        var size: Int?
    }

    private let state: Mutex<State>
    private let wall: any WallClock
    private let isDurable: Bool

    /// The file in the desk's `.loopdesk/`.
    static let fileName = "spending.jsonl"
    /// Where the file is made anew, with one line.
    static let fileBytes = 64 << 10

    /// Takes up what was spent; what was set aside when the desk was killed counts as spent.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - wall: Tells the day.
    ///   - isDurable: Whether what is set aside is on the disk before the call.
    /// - Throws: A `FileError`, or a `JSONError` when the file is damaged. To go on without it
    ///   would be to spend what was spent already.
    public init(_ desk: DeskFolder, wall: any WallClock, isDurable: Bool) throws {
        self.wall = wall
        self.isDurable = isDurable
        let file = AppendedFile(in: desk.runtime, Self.fileName)
        state = Mutex(State(book: try Self.load(desk), file: file))
    }

    /// What a desk has spent, for people.
    /// - Throws: As `init`.
    public static func load(_ desk: DeskFolder) throws -> SpendingBook {
        guard let bytes = try desk.runtime.readIfPresent(fileName, limitBytes: 1 << 20) else {
            return SpendingBook()
        }
        // Behind the last whole line is what was being set aside for a call that was never made.
        let whole = bytes.lastIndex(of: 0x0A).map { bytes[...$0] } ?? bytes[...]
        let lines = whole.split(separator: 0x0A)
        do throws(JSONError) {
            return try SpendingBook(json: try JSON(parsing: lines.last ?? []))
        } catch {
            throw DeskError(
                code: .configuration,
                file: ".loopdesk/\(fileName)",
                line: max(lines.count, 1),
                message: "\(error.message); put it right, or remove it to count from nothing"
            )
        }
    }

    /// A meter for the calls of one agent.
    func meter(
        of agent: AgentConfiguration,
        all: ModelBudget
    ) -> Meter {
        Meter(keeper: self, agent: agent.name, own: agent.budget, all: all)
    }

    /// Sets aside, books, and keeps both on the disk.
    struct Meter: ModelMeter {
        struct Ticket: Sendable {
            let number: Int
            let prices: ModelPrices?
        }

        let keeper: SpendingKeeper
        let agent: AgentName
        let own: ModelBudget
        let all: ModelBudget

        func reserve(
            _ most: ModelUsage,
            _ model: ModelConfiguration
        ) throws(ModelError) -> Ticket {
            let money = model.prices?.mostCost(input: most.input, output: most.output)
            let today = keeper.wall.now().date
            return try keeper.change { (book) throws(ModelError) in
                let reserved = book.reserve(
                    (most.total, money),
                    for: agent,
                    on: today,
                    own: own,
                    all: all
                )
                switch reserved {
                case .ticket(let number): return Ticket(number: number, prices: model.prices)
                case .refused(let reason): throw ModelError(.overBudget, reason)
                }
            }
        }

        func settle(_ ticket: Ticket, _ usage: ModelUsage) throws(ModelError) {
            let money = ticket.prices?.cost(of: usage) ?? .zero
            try keeper.change { (book) throws(ModelError) in
                book.settle(ticket.number, ModelAmount(tokens: usage.total, money: money))
            }
        }
    }

    /// Changes the book once the change is on the disk.
    private func change<Value>(
        _ body: (inout SpendingBook) throws(ModelError) -> Value
    ) throws(ModelError) -> Value {
        try state.withLock { (state) throws(ModelError) in
            var changed = state.book
            let value = try body(&changed)
            let line = changed.json.compactBytes + [0x0A]
            let size = state.size
            // Nothing may follow a line that could be written in part only.
            state.size = nil
            do throws(FileError) {
                if let size, size + line.count <= Self.fileBytes {
                    try state.file.append(line, durable: isDurable)
                    state.size = size + line.count
                } else {
                    try state.file.replace(with: line, durable: isDurable)
                    state.size = line.count
                }
            } catch {
                throw ModelError(.overBudget, "what is spent cannot be written down: \(error)")
            }
            state.book = changed
            return value
        }
    }
}
