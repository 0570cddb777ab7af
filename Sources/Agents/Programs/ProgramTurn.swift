// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// Runs a program of somebody's for each turn, and says what came of it.
///
/// The files that it wrote are the supervisor's to judge. Whether the run came to its end is
/// decided here: by its status and by what it says itself, and both must be good.
struct ProgramTurn {
    private let context: AgentContext
    private let program: ProgramConfiguration
    private let worktree: Folder
    private let surroundings: ProgramSurroundings
    private let setup: ProgramSetup
    private let home: Folder
    private let symbols: [String]
    private let needsMoney: Bool

    init(
        _ agent: AgentConfiguration,
        _ program: ProgramConfiguration,
        of desk: DeskConfiguration,
        context: AgentContext,
        worktree: Folder,
        surroundings: ProgramSurroundings
    ) throws {
        guard let home = surroundings.variable("HOME") else {
            throw AgentError("there is no HOME for the program of \(context.agent)")
        }
        self.context = context
        self.program = program
        self.worktree = worktree
        self.surroundings = surroundings
        self.home = Folder(home)
        symbols = desk.market.symbols
        needsMoney = agent.triggers.goal?.limits.money != nil
        let root = Folder(context.dataFolder)
        var command = agent.words(inDesk: root.path) {
            root.contains($0) && !root.isOwnFolder($0)
        }.words
        if command[0].contains("/"), !command[0].hasPrefix("/") {
            command[0] = root.path(of: command[0])
        }
        setup = ProgramSetup(
            kind: program.kind,
            command: command,
            home: home,
            modelAddress: program.kind.addressVariable.flatMap { surroundings.variable($0) },
            toolsAddress: surroundings.variable(AgentConfiguration.toolsVariable)
        )
    }

    /// Runs one turn.
    /// - Returns: The result for the supervisor, of a run that failed as well.
    /// - Throws: What keeps the program from being started.
    func run(_ run: TurnContract.Run) throws -> JSON {
        for file in setup.files { try write(file.text, to: file.name) }
        var output = ProgramOutput(program.report)
        let end = surroundings.run(try start(run)) { output.take($0) }
        let spending = output.spending(program.prices)
        if let fault = fault(end, output, spending) {
            return TurnAnswer.result("", failure: fault, spending: spending)
        }
        try completeMemory()
        try ProposalCompletion(worktree.folder(TurnContract.outbox)).run()
        let words = output.words?.split(whereSeparator: \.isNewline).first { !$0.isEmpty }
        return TurnAnswer.result(
            words.map(String.init) ?? "turn \(run.turn)",
            spending: spending
        )
    }

    private func start(_ run: TurnContract.Run) throws -> ProgramRun {
        var words = setup.words
        var input: [UInt8] = []
        let variables: [(name: String, value: String)] = [
            ("LOOPDESK_TURN", "\(run.turn)"), ("LOOPDESK_TIME", run.time.description),
            ("LOOPDESK_ROLE", context.role.rawValue), ("LOOPDESK_MARKET", context.marketFolder),
        ]
        if program.prompt != .none {
            let prompt = try ProgramPrompt(
                context: context,
                worktree: worktree,
                folderPath: DeskFolder(context.dataFolder).worktree(context.agent).path,
                symbols: symbols,
                hasTools: setup.toolsAddress != nil
            ).text(for: run)
            if program.prompt == .input { input = Array(prompt.utf8) } else { words.append(prompt) }
        }
        return ProgramRun(
            words: words,
            environment: surroundings.environment + setup.variables + variables,
            input: input
        )
    }

    /// Why the run came to nothing; nil when it came to its end.
    private func fault(
        _ end: ProgramEnd,
        _ output: ProgramOutput,
        _ spending: TurnSpending?
    ) -> String? {
        switch end {
        case .unusable(let reason): return "the program cannot be used: \(reason)"
        case .signalled(let number): return "signal \(number) ended the program"
        case .exited(let code) where code != 0:
            let said = output.final == nil ? nil : output.fault
            return "the program ended with status \(code)" + (said.map { ": \($0)" } ?? "")
        case .exited:
            if let fault = output.fault { return "the program ended with status 0, but \(fault)" }
            guard needsMoney, spending?.money == nil else { return nil }
            return "the program did not say what it cost, and its goal has a budget of money"
        }
    }

    private func write(_ text: String, to name: String) throws {
        if let slash = name.lastIndex(of: "/") { try home.folder(String(name[..<slash])).create() }
        try home.replace(name, with: Array(text.utf8))
    }

    /// A memory that nobody has written yet begins empty but for its form.
    private func completeMemory() throws {
        let path = "\(context.agent.folder)/STATE.md"
        guard try worktree.readIfPresent(path, limitBytes: StateFile.limitBytes)?.isEmpty ?? true
        else { return }
        try worktree.overwrite(path, with: StateFile().bytes)
    }
}
