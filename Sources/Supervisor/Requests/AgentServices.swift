// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
public import Models
import Processes
import Synchronization

/// What agents may ask for in the middle of a turn: answers of models, and tools of connectors.
///
/// Keys, budgets, lists of what is allowed and the tape are here, on the supervisor's side of the
/// pipe. Calls run on the pool of tasks; what came of them is fetched by the desk's own thread,
/// which the bell wakes.
public final class AgentServices: Sendable {
    /// Where answers come from.
    public enum Source: Sendable {
        /// From the tape alone; what it does not hold is an error, and nothing is ever asked.
        case tape
        /// From the tape where it holds them, else from models and servers.
        case record
        /// From models and servers.
        case live
    }

    /// What a call has come to, and for whom.
    struct Finished: Sendable {
        let ticket: Int
        let record: CallRecord
    }

    private struct State {
        var nextTicket = 1
        var tasks: [Int: Task<Void, Never>] = [:]
        var finished: [Finished] = []
    }

    let desk: OpenDesk
    let source: Source
    let library: TapeLibrary?
    let isDurable: Bool
    let models: [String: ModelClient]
    let connectors: ConnectorPool?
    let spending: SpendingKeeper?
    let scan: SecretScan
    private let bell: Bell
    private let state = Mutex(State())

    /// Bundles what is served.
    /// - Parameters:
    ///   - desk: The desk.
    ///   - source: Where answers come from.
    ///   - models: A client for each model, by name; none is needed for a source of `tape`.
    ///   - connectors: The connectors, which whoever made them ends; nil when there are none.
    ///   - spending: What was spent; without it no model is asked.
    ///   - secrets: The keys that are in use, which no answer may hold.
    ///   - isDurable: Whether a call is written down before it is made.
    /// - Throws: A `GitError` when the tape cannot be looked for, a `ProcessError` when no more
    ///   descriptors can be opened.
    public init(
        _ desk: OpenDesk,
        source: Source,
        models: [String: ModelClient] = [:],
        connectors: ConnectorPool? = nil,
        spending: SpendingKeeper? = nil,
        secrets: [String] = [],
        isDurable: Bool = false
    ) throws {
        self.desk = desk
        self.source = source
        self.models = models
        self.connectors = connectors
        self.spending = spending
        self.isDurable = isDurable
        scan = SecretScan(desk.secrets.adding(secrets.map { Array($0.utf8) }))
        bell = try Bell()
        if case .live = source { library = nil } else { library = try TapeLibrary(desk) }
    }

    /// Readable when a call has come to something.
    var descriptor: Int32 { bell.descriptor }

    /// The longest that a request of an agent may take.
    func patience(_ request: ChildRequest, of agent: AgentConfiguration) -> Duration {
        switch request.kind {
        case .model:
            model(of: agent).map(ModelClient.patience) ?? .zero
        case .tool, .tools:
            desk.configuration.connectors.filter { agent.connectors.contains($0.name) }
                .map { Duration.milliseconds($0.timeout.milliseconds) * 20 }.max() ?? .zero
        }
    }

    /// What the agent's model is sent for a request; nil for any other, and for one that cannot be
    /// read, which is refused and known by what it is.
    func prompt(of request: ChildRequest, by agent: AgentConfiguration) -> ModelPrompt? {
        guard request.kind == .model, let model = model(of: agent),
            // What is wrong with it is told when it is asked.
            let conversation = try? Conversation(json: request.parameters)
        else { return nil }
        return ModelPrompt(conversation, to: model)
    }

    func model(of agent: AgentConfiguration) -> ModelConfiguration? {
        desk.configuration.models.first { $0.name == agent.model }
    }

    /// Begins a call; it is fetched by its ticket once it has come to something.
    func begin(
        _ request: ChildRequest,
        _ hash: ContentHash,
        prompt: ModelPrompt? = nil,
        of agent: AgentConfiguration
    ) -> Int {
        begin { services in await services.perform(request, hash, prompt, of: agent) }
    }

    /// Asks a model on the desk's own behalf; an agent pays for it.
    func ask(
        _ name: String,
        _ conversation: Conversation,
        for agent: AgentConfiguration
    ) -> Int {
        begin { services in
            let model = services.desk.configuration.models.first { $0.name == name }
            let parameters = conversation.json
            // It is not recorded, so that any hash will do.
            let hash = ContentHash(of: parameters.compactBytes)
            return services.withoutSecrets(
                await services.ask(model, parameters, hash, of: agent)
            )
        }
    }

    private func begin(_ call: @escaping @Sendable (AgentServices) async -> CallRecord) -> Int {
        state.withLock { state in
            let ticket = state.nextTicket
            state.nextTicket += 1
            // Ended by cancel(_:), or by itself within its own limits.
            state.tasks[ticket] = Task { [weak self] in
                guard let self else { return }
                let record = await call(self)
                self.finish(ticket, record)
            }
            return ticket
        }
    }

    /// Gives a call up; nothing is heard of it any more.
    func cancel(_ ticket: Int) {
        let task = state.withLock { state in
            state.finished.removeAll { $0.ticket == ticket }
            return state.tasks.removeValue(forKey: ticket)
        }
        task?.cancel()
    }

    private func finish(_ ticket: Int, _ record: CallRecord) {
        state.withLock { state in
            guard state.tasks.removeValue(forKey: ticket) != nil else { return }
            state.finished.append(Finished(ticket: ticket, record: record))
        }
        bell.ring()
    }

    /// What has come to something since the last call.
    func takeFinished() -> [Finished] {
        bell.silence()
        return state.withLock { state in
            defer { state.finished = [] }
            return state.finished
        }
    }

    /// Ends what runs.
    public func close() async {
        let tasks = state.withLock { state in
            defer { state.tasks = [:] }
            return state.tasks.keys.sorted().compactMap { state.tasks[$0] }
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
