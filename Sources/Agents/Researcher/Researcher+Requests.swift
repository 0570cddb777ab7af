// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

extension Researcher {
    /// The most proposed strategies that are remembered; the oldest that is not in use goes first.
    static let proposedLimit = 32

    /// Says a proposal for each strategy that a person put forward, within the budget of one
    /// research date: `{"propose": {…}}` as the payload of a request.
    ///
    /// From here on it goes the way of the researcher's own hypotheses: it is counted, tested and
    /// judged by others, and traded only while it is approved.
    func consider(
        _ input: TurnInput,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) throws -> [String] {
        let wishes = input.requests.compactMap { $0["payload"]?["propose"] }
        guard !wishes.isEmpty else { return [] }
        let history = try market.history()
        var story: [String] = []
        var said = 0
        for wish in wishes {
            let strategy: Strategy
            do throws(QuantError) {
                strategy = try Strategy(wish)
            } catch {
                story.append("a strategy that was put forward cannot be read")
                output.notes.append("A strategy that was put forward cannot be read: \(error)\n")
                continue
            }
            let hash = strategy.hash.description
            let sessions = strategy.history(from: history).map(\.count).max() ?? 0
            guard sessions >= Self.inSampleMinimum else {
                story.append("\(strategy.name) was put forward without enough history")
                continue
            }
            guard said < budget else {
                story.append("\(strategy.name) was put forward beyond the budget")
                continue
            }
            guard !memory.isApproved(hash, on: input.time.date) else { continue }
            said += 1
            memory.remember(strategy, hash, on: input.time.date)
            say(strategy, hash, &memory, &output)
            story.append("proposed \(strategy.name), put forward by a person")
        }
        return story
    }
}

extension Researcher {
    /// Says a proposal for each strategy that somebody else has thought of; those that were only
    /// tried go on record as well.
    func propose(
        from source: any HypothesisSource,
        _ input: TurnInput,
        _ memory: inout ResearcherMemory,
        _ output: inout TurnOutput
    ) throws -> [String] {
        let found = try source.hypotheses(
            input,
            memory,
            history: try market.history(),
            limit: budget
        )
        if !found.note.isEmpty { output.notes.append(found.note + "\n") }
        var story: [String] = []
        for (strategy, isProposed) in found.tried {
            let hash = strategy.hash.description
            if isProposed, !memory.isApproved(hash, on: input.time.date) {
                memory.remember(strategy, hash, on: input.time.date)
            }
            say(strategy, hash, isWithdrawn: !isProposed, &memory, &output)
            story.append("\(isProposed ? "proposed" : "tried") \(strategy.name)")
        }
        if let failure = found.failure { story.append("the model gave up: \(failure)") }
        return story
    }
}

extension ResearcherMemory {
    /// Remembers a strategy that somebody else put forward.
    mutating func remember(_ strategy: Strategy, _ hash: String, on date: CalendarDate) {
        proposed.removeAll { $0.hash == hash }
        proposed.append((strategy, hash))
        while proposed.count > Researcher.proposedLimit {
            let held = Set(holdings.map(\.hash))
            let idle = proposed.firstIndex {
                !held.contains($0.hash) && !isApproved($0.hash, on: date)
            }
            proposed.remove(at: idle ?? 0)
        }
    }
}
