// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Processes
import Synchronization
public import Trading

/// The way to a broker: each request has a task of its own, so that none waits for a slow one, and
/// the gateway's thread waits for none at all.
///
/// What takes risk away overtakes everything else.
public final class BrokerLink: VenueLink, Sendable {
    /// What waits, what is under way and what has come back.
    struct State {
        var waiting: [VenueRequest] = []
        var underWay: Set<VenueRequest> = []
        var reports: [VenueReport] = []
        var account: BrokerAccount?
        var trouble: String?
    }

    /// The most requests under way at a time, and as many again that take risk away.
    static let tasks = 8
    /// The most looks under way at a time, each of which is several calls.
    static let looks = 2
    /// The most requests that wait; what takes risk away fits all the same, one for each order.
    static let longestQueue = 1_000

    private let venue: BrokerVenue
    private let bell: Bell
    private let state = Mutex(State())

    /// Sets a link up.
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public init(_ venue: BrokerVenue) throws(ProcessError) {
        self.venue = venue
        bell = try Bell()
    }

    /// Readable while there are reports.
    public var descriptor: Int32 { bell.descriptor }

    /// What is known of the account.
    public var account: BrokerAccount? { state.withLock(\.account) }

    /// Why the last request came to nothing.
    public var trouble: String? { state.withLock(\.trouble) }

    /// Hands a request over; one that waits or is under way already is not asked twice.
    public func send(_ request: VenueRequest) {
        let next = state.withLock { state in
            state.enqueue(request)
            return state.begin()
        }
        for request in next { begin(request) }
    }

    /// The reports that have come since the last call.
    public func takeReports() -> [VenueReport] {
        bell.silence()
        return state.withLock { state in
            defer { state.reports = [] }
            return state.reports
        }
    }

    private func begin(_ request: VenueRequest) {
        // Ends by the limits of its calls; with the process at the latest.
        Task {
            let reports = await venue.answer(request)
            let account = await venue.account
            let trouble = await venue.trouble
            let next = state.withLock { state in
                state.underWay.remove(request)
                state.reports += reports
                state.account = account
                state.trouble = trouble
                return state.begin()
            }
            bell.ring()
            for request in next { begin(request) }
        }
    }
}

extension BrokerLink.State {
    mutating func enqueue(_ request: VenueRequest) {
        // The newest look answers for those before it.
        if request.isSurvey { waiting.removeAll(where: \.isSurvey) }
        guard !waiting.contains(request), !underWay.contains(request) else { return }
        // What does not fit is asked for again, or given up as lost.
        guard waiting.count < BrokerLink.longestQueue || request.isUrgent else { return }
        waiting.append(request)
    }

    /// Takes what can be begun now off the queue, each kind in its order.
    ///
    /// While anything urgent waits there is no room for the rest, so it needs no queue of its own.
    mutating func begin() -> [VenueRequest] {
        var next: [VenueRequest] = []
        var left: [VenueRequest] = []
        for request in waiting {
            guard hasRoom(for: request) else {
                left.append(request)
                continue
            }
            underWay.insert(request)
            next.append(request)
        }
        waiting = left
        return next
    }

    /// Calls that hang leave room for what takes risk away.
    private func hasRoom(for request: VenueRequest) -> Bool {
        if request.isUrgent { return underWay.count < 2 * BrokerLink.tasks }
        guard underWay.count < BrokerLink.tasks else { return false }
        return !request.isSurvey || underWay.count(where: \.isSurvey) < BrokerLink.looks
    }
}

extension VenueRequest {
    fileprivate var isUrgent: Bool {
        if case .place(let order) = self { order.reducesOnly } else { false }
    }
}
