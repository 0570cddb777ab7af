// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Models

/// What one attempt at a turn asks for, one thing at a time, and what came of it.
final class TurnCalls {
    /// A request that is under way.
    private struct Open {
        let request: ChildRequest
        let hash: ContentHash
        let place: Int
        let ticket: Int
    }

    private let plan: TurnPlan
    private let services: AgentServices?
    private var journal: CallJournal?
    private var open: Open?
    /// What was asked for and answered so far.
    private(set) var tape = TurnTape()

    init(_ plan: TurnPlan, _ services: AgentServices?) {
        self.plan = plan
        self.services = services
    }

    deinit { close() }

    /// The number of the call that is under way.
    var ticket: Int? { open?.ticket }

    /// The longest that it may take.
    var patience: Duration {
        guard let open, let services else { return .zero }
        return services.patience(open.request, of: plan.agent) + Self.margin
    }

    /// What a call may take beyond its own limits, which end it as a rule.
    private static let margin: Duration = .seconds(10)

    /// Takes a request in.
    /// - Returns: The line that answers it; nil when it is under way now.
    /// - Throws: A `SupervisorError` with code `tape` when nothing is recorded and nothing may be
    ///   asked; a `FileError` when a call cannot be written down.
    func take(_ request: ChildRequest) throws -> [UInt8]? {
        guard let services else { return refuse(request, "nothing is served to this agent") }
        guard open == nil else { return refuse(request, "another request is under way") }
        guard tape.calls.count < TurnContract.requestLimit else {
            return refuse(request, "a turn may ask for \(TurnContract.requestLimit) things")
        }
        let prompt = services.prompt(of: request, by: plan.agent)
        let hash = prompt?.hash ?? request.hash
        if let record = try recorded(hash, services) { return note(record, request) }
        if case .tape = services.source { throw missing(request, hash) }
        var journal = try journal(of: services)
        let place = tape.calls.count { $0.request == hash }
        switch journal.entry(hash, place: place) {
        case .done(let record): return note(record, request)
        case .unknown where request.kind == .tool:
            let record = CallRecord(.tool, hash, .failure(Self.unknownOutcome))
            try journal.finish(record, place: place)
            self.journal = journal
            return note(record, request)
        case .unknown, .new:
            // An answer of a model does no harm when it is asked for twice.
            if request.kind == .tool { try journal.begin(hash, place: place) }
        }
        self.journal = journal
        let ticket = services.begin(request, hash, prompt: prompt, of: plan.agent)
        open = Open(request: request, hash: hash, place: place, ticket: ticket)
        return nil
    }

    /// Takes in what the call that is under way has come to.
    /// - Returns: The line that answers the request.
    /// - Throws: A `FileError` when it cannot be written down.
    func take(_ record: CallRecord) throws -> [UInt8]? {
        guard let open else { return nil }
        self.open = nil
        try journal?.finish(record, place: open.place)
        return note(record, open.request)
    }

    /// Gives up what is under way.
    func close() {
        if let open { services?.cancel(open.ticket) }
        open = nil
    }

    /// Gives up, and lets another attempt ask models anew, because this one is to blame.
    func forget() {
        close()
        // What stays is answered as it was, which is worth less but not wrong.
        try? journal?.forgetModels()
    }

    private func recorded(
        _ hash: ContentHash,
        _ services: AgentServices
    ) throws -> CallRecord? {
        try services.library?.record(
            of: hash,
            at: tape.calls.count,
            of: plan.name,
            turn: plan.turn
        )
    }

    private func journal(of services: AgentServices) throws(FileError) -> CallJournal {
        if let journal { return journal }
        return try CallJournal(
            services.desk.folder,
            plan.name,
            turn: plan.turn,
            isDurable: services.isDurable
        )
    }

    private func note(_ record: CallRecord, _ request: ChildRequest) -> [UInt8] {
        tape.calls.append(record)
        return record.answer(to: request.id)
    }

    private func refuse(_ request: ChildRequest, _ reason: String) -> [UInt8] {
        TurnContract.refusal(id: request.id, RequestFailure(code: "refused", reason: reason))
    }

    private static let unknownOutcome = RequestFailure(
        code: "unknownOutcome",
        reason: "it was begun before the desk was stopped, and nobody knows whether it was carried"
            + " out; it is not repeated"
    )

    private func missing(_ request: ChildRequest, _ hash: ContentHash) -> SupervisorError {
        SupervisorError(
            .tape,
            "nothing is recorded of call \(tape.calls.count + 1) (\(request.kind.rawValue)"
                + " \(hash.short)) in turn \(plan.turn) of \(plan.name) at \(plan.time)",
            hint: "a replay asks no model by itself; let it ask and record with: loopdesk replay"
                + " --record"
        )
    }
}
