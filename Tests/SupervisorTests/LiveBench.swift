// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Foundation
import Glibc
import Logging
import Processes
import Synchronization
import TestSupport

@testable import Supervisor

/// A live desk that runs in a thread of its own while a test looks at it from outside.
final class LiveBench: Sendable {
    let bench: Bench
    let log = EventLog()
    let metrics = DeskMetrics()
    let feed: GrowingFeed
    private let claim: DeskClaim?
    private let pipe: (read: Int32, write: Int32)
    private let isStopping = Mutex(false)
    private let outcome = Mutex<Result<LiveEnd, any Error>?>(nil)

    /// Begins to run the desk.
    init(
        _ bench: Bench,
        feed: GrowingFeed = GrowingFeed(),
        wall: any WallClock = SystemWallClock(),
        claim: DeskClaim? = nil
    ) throws {
        self.bench = bench
        self.claim = claim
        self.feed = feed
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        pipe = (ends[0], ends[1])
        let thread = Thread { [self] in
            let result = Result { try self.run(wall) }
            outcome.withLock { $0 = result }
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    deinit {
        close(pipe.read)
        close(pipe.write)
    }

    /// Asks the desk to stop and waits until it has.
    @discardableResult
    func stop() async throws -> LiveEnd {
        isStopping.withLock { $0 = true }
        _ = write(pipe.write, "x", 1)
        return try await end()
    }

    /// Waits until the desk ends by itself.
    func end() async throws -> LiveEnd {
        _ = try await eventually(within: .seconds(40)) { self.outcome.withLock { $0 != nil } }
        guard let result = outcome.withLock({ $0 }) else { throw POSIXError(.ETIMEDOUT) }
        return try result.get()
    }

    private func run(_ wall: any WallClock) throws -> LiveEnd {
        let desk = try OpenDesk.openCommitted(at: bench.desk.path)
        let live = try LiveDesk(
            desk: desk,
            market: RecordedMarket(),
            feed: feed,
            gateway: { self.bench.gateway($0) },
            stops: StopRequests(
                descriptor: pipe.read,
                isRequested: { self.isStopping.withLock { $0 } },
                acknowledge: {
                    var byte: UInt8 = 0
                    _ = read(self.pipe.read, &byte, 1)
                }
            ),
            wall: wall,
            zones: .none,
            events: Supervisor.EventLog(desk.folder, wall: wall),
            metrics: metrics,
            pulse: {},
            surroundings: Surroundings(
                clock: SystemClock(),
                wake: nil,
                launcher: AgentLauncher(
                    agentProgram: "/nonexistent",
                    logs: AgentLogSettings(wall: wall),
                    confinement: bench.confinement,
                    searchPath: Bench.searchPath
                ),
                logger: Logger(label: "test") { _ in self.log },
                services: try bench.services(desk),
                strategies: bench.strategies,
                claim: claim
            )
        )
        return try live.run {}
    }
}

/// A feed to which a test adds bars.
final class GrowingFeed: LiveFeed, Sendable {
    private let known: Mutex<[Instant]>

    init(_ instants: [Instant] = []) {
        known = Mutex(instants)
    }

    func add(_ instant: Instant) {
        known.withLock { $0.append(instant) }
    }

    func instants(after last: Instant?, through now: Instant) -> [Instant] {
        known.withLock { known in
            known.filter { instant in
                instant <= now && (last.map { instant > $0 } ?? true)
            }
        }
    }
}
