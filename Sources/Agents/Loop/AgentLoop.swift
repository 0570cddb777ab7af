// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// The life of an agent's process: read a line, do what it asks, answer.
///
/// An agent remembers nothing that matters between turns: its memory is `STATE.md`, and what it
/// caches only saves time.
public struct AgentLoop {
    private let worktree: Folder
    private let exchange: (Int, Bool) -> (([UInt8]) throws -> [UInt8])
    private let makeHeartbeat: (Int) -> AnyObject?
    private let ask: ([UInt8]) throws -> [UInt8]
    private let programs: ProgramSurroundings?
    private var heartbeat: AnyObject?
    private var program: ProgramTurn?
    private var folder: AgentFolder?
    private var role: (any AgentTurn)?
    private var market: MarketFiles?

    /// Prepares the loop.
    /// - Parameters:
    ///   - worktreePath: The folder that the process was started in.
    ///   - exchange: Makes the request function for an inherited descriptor, over which signs of
    ///     life are sent when it is told so.
    ///   - makeHeartbeat: Begins to send signs of life, so many milliseconds apart, until the
    ///     result is let go; nil when none will come.
    ///   - ask: Sends the supervisor a line in the middle of a turn and waits for its answer.
    ///   - programs: Runs programs of somebody's; nil when none can be run.
    public init(
        worktreePath: String,
        exchange: @escaping (Int, Bool) -> (([UInt8]) throws -> [UInt8]),
        makeHeartbeat: @escaping (Int) -> AnyObject? = { _ in nil },
        ask: @escaping ([UInt8]) throws -> [UInt8] = { _ in
            throw AgentError("there is nobody to ask")
        },
        programs: ProgramSurroundings? = nil
    ) {
        self.ask = ask
        self.programs = programs
        worktree = Folder(worktreePath)
        self.exchange = exchange
        self.makeHeartbeat = makeHeartbeat
    }

    /// Answers one line; nothing escapes, since every failure becomes an error answer.
    public mutating func answer(_ line: [UInt8]) -> [UInt8] {
        var id = JSON.null
        do {
            let message = try JSON(parsing: line)
            let fields = try JSONFields(message, path: "request")
            id = fields.optional("id") ?? .null
            switch try fields.string("method") {
            case TurnContract.startMethod:
                let beats = try start(try AgentContext(json: try fields.required("params")))
                return TurnContract.reply(
                    id: id,
                    result: ["ready": true, TurnContract.beatsMember: .bool(beats)]
                )
            case TurnContract.runMethod:
                let result = try run(try TurnContract.Run(json: try fields.required("params")))
                return TurnContract.reply(id: id, result: result)
            case let other:
                return TurnContract.failure(id: id, code: -32601, message: "no method \(other)")
            }
        } catch {
            return TurnContract.failure(id: id, code: -32000, message: "\(error)")
        }
    }

    /// Makes the role and says whether beats will come.
    private mutating func start(_ context: AgentContext) throws -> Bool {
        program = try makeProgram(context)
        guard program == nil else {
            heartbeat = context.beatMilliseconds > 0 ? makeHeartbeat(context.beatMilliseconds) : nil
            return heartbeat != nil
        }
        let exchange = exchange
        let files = MarketFiles(folder: Folder(context.marketFolder))
        let beatsAtGateway = context.isLive && context.role == .risk
        role = try RoleFactory(
            context: context,
            market: files,
            exchange: { exchange($0, beatsAtGateway) },
            worktree: worktree,
            ask: ask
        ).make()
        folder = AgentFolder(worktree: worktree, context: context)
        market = files
        heartbeat = context.beatMilliseconds > 0 ? makeHeartbeat(context.beatMilliseconds) : nil
        return heartbeat != nil
    }

    /// The program that runs in place of the role, if the configuration names one for each turn.
    private func makeProgram(_ context: AgentContext) throws -> ProgramTurn? {
        guard let programs else { return nil }
        let desk = try DeskConfiguration(parsing: context.configuration, zones: .unchecked)
        guard let agent = desk.agent(context.agent), let program = agent.program else { return nil }
        return try ProgramTurn(
            agent,
            program,
            of: desk,
            context: context,
            worktree: worktree,
            surroundings: programs
        )
    }

    private mutating func run(_ run: TurnContract.Run) throws -> JSON {
        if let program { return try program.run(run) }
        guard var folder, let role else { throw AgentError("asked for a turn before the start") }
        let input = try folder.input(for: run)
        market?.advance(to: run.time)
        let output = try role.turn(input)
        try folder.publish(output)
        self.folder = folder
        return TurnAnswer.result(output.summary)
    }
}
