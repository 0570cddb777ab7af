// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import HTTP
import Logging
import MCP
import Processes
import Quant
import Supervisor
import Synchronization

/// Fetches new bars into the file of a desk's feed, once or again and again beside a live desk.
///
/// Nothing on the desk waits for it: what it adds to the file is found there like what anybody else
/// adds.
final class FeedFetcher: Sendable {
    /// What a fetch has come to.
    struct Outcome: Sendable {
        /// How many bars are new.
        var bars = 0
        /// The newest day of all symbols; nil when the file has no bar.
        var through: CalendarDate?
    }

    /// How long one answer may take.
    private static let patience: Duration = .seconds(60)

    private let clock: SystemClock
    private let wall: any WallClock
    /// Cancelled by ``close()``.
    private let work = Mutex<Task<Void, Never>?>(nil)

    init(clock: SystemClock, wall: any WallClock) {
        self.clock = clock
        self.wall = wall
    }

    /// Begins to fetch, or goes on for a desk that is opened anew; a desk without a fetch has none.
    func open(_ desk: OpenDesk, _ connectors: ConnectorPool?, logger: Logger) throws {
        close()
        guard let fetch = desk.configuration.fetch else { return }
        let (clock, wall) = (clock, wall)
        let http = try HTTPClient(wall: wall, now: { .nanoseconds(clock.now().nanoseconds) })
        let every = Duration.milliseconds(fetch.every.milliseconds)
        let task = Task {
            while !Task.isCancelled {
                do {
                    _ = try await Self.fetch(desk, connectors, now: wall.now())
                } catch {
                    logger.warning("cannot fetch bars", metadata: ["error": "\(error)"])
                }
                await http.pause(for: every)
            }
        }
        work.withLock { $0 = task }
    }

    /// Ends it.
    func close() {
        let old = work.withLock { work in
            defer { work = nil }
            return work
        }
        guard let old else { return }
        old.cancel()
        // A task that throws nothing, and calls that end when they are cancelled.
        try? Waiting.run { await old.value }
    }

    /// Asks for every symbol and puts what is new behind the file, all of it or nothing.
    /// - Throws: A ``Failure`` when a symbol's answer cannot be had or used; the file is unchanged.
    static func fetch(
        _ desk: OpenDesk,
        _ connectors: ConnectorPool?,
        now: Instant
    ) async throws -> Outcome {
        guard case .csv(let path) = desk.configuration.market.feed, let connectors,
            let fetch = BarFetch(desk.configuration)
        else {
            throw Failure(
                "the desk's feed has no fetch: in orchestrator.yml; docs/feeds.md shows one",
                .badData
            )
        }
        let root = desk.folder.root
        let file = try root.readIfPresent(path) ?? []
        let last = try said(path) { () throws(BarFetch.Failure) in try fetch.lastDays(in: file) }
        var found: [Symbol: [Bar]] = [:]
        for symbol in fetch.symbols {
            let answer = try await ask(connectors, fetch, symbol, last[symbol], now)
            found[symbol] = try said("\(symbol)") { () throws(BarFetch.Failure) in
                try fetch.bars(in: answer, of: symbol, after: last[symbol], now: now)
            }
        }
        var outcome = Outcome(through: last.values.max())
        guard let bytes = fetch.adding(found, to: file) else { return outcome }
        // Somebody may have written to it while the tool was asked.
        guard try root.readIfPresent(path) ?? [] == file else {
            throw Failure("\(path) has changed in the meantime; it is fetched again", .unavailable)
        }
        if let slash = path.lastIndex(of: "/") { try root.folder(String(path[..<slash])).create() }
        try root.replace(path, with: bytes, durable: true)
        let days = try said(path) { () throws(BarFetch.Failure) in try fetch.lastDays(in: bytes) }
        outcome.bars = bytes.count { $0 == 0x0A } - max(1, file.count { $0 == 0x0A })
        outcome.through = days.values.max()
        return outcome
    }

    private static func ask(
        _ connectors: ConnectorPool,
        _ fetch: BarFetch,
        _ symbol: Symbol,
        _ last: CalendarDate?,
        _ now: Instant
    ) async throws -> JSON {
        let tool = fetch.fetch.tool
        let result = try await connectors.call(
            forDesk: fetch.fetch.connector,
            tool,
            fetch.arguments(for: symbol, after: last, now: now),
            limits: CallLimits(idle: Self.patience, total: Self.patience)
        )
        guard !result.isError else {
            let text = PlainText.line(String(result.text.prefix(300)))
            throw Failure("\(symbol): the tool \(tool) failed: \(text)", .unavailable)
        }
        if let structured = result.structured { return structured }
        // The reason says as much as the reader's own words would.
        guard let answer = try? JSON(parsing: result.text) else {
            throw Failure("\(symbol): the answer of \(tool) is no JSON", .badData)
        }
        return answer
    }

    private static func said<Value>(
        _ place: String,
        _ body: () throws(BarFetch.Failure) -> Value
    ) throws -> Value {
        do throws(BarFetch.Failure) {
            return try body()
        } catch {
            throw Failure("\(place): \(error)", .badData)
        }
    }
}
