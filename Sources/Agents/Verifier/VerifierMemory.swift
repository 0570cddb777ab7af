// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// What a verifier remembers between turns: what it approved, and what may be held because of it.
struct VerifierMemory {
    /// The beginnings of the hashes of the trials whose returns have been said.
    private var said: [String]
    private var approvals: [JSON]
    private var exposures: [JSON]

    init(_ state: StateFile) throws {
        said = state["trials_said"]?.arrayValue?.compactMap(\.stringValue) ?? []
        approvals = state["approvals"]?.arrayValue ?? []
        exposures = state["exposures"]?.arrayValue ?? []
    }

    func write(to state: inout StateFile) {
        state["trials_said"] = .array(said.map { .string($0) })
        state["approvals"] = .array(approvals)
        state["exposures"] = .array(exposures)
    }

    // MARK: - Approvals

    mutating func approve(_ strategy: Strategy, _ id: ContentHash, until: CalendarDate) {
        let hash = id.description
        approvals.removeAll { $0["strategy_hash"]?.stringValue == hash }
        approvals.append([
            "strategy_hash": .string(hash), "until": .string(until.description),
            "strategy": strategy.json,
        ])
    }

    /// The approval of a strategy, run out or not; nil when there never was one or it is forgotten.
    func approval(of hash: ContentHash) throws -> (strategy: Strategy, until: CalendarDate)? {
        let found = approvals.first { $0["strategy_hash"]?.stringValue == hash.description }
        guard let found, let json = found["strategy"],
            let until = found["until"]?.stringValue.flatMap({ CalendarDate($0) })
        else { return nil }
        return (try Strategy(json), until)
    }

    /// Drops approvals that ran out before a date.
    mutating func forget(before date: CalendarDate) {
        approvals.removeAll { approval in
            approval["until"]?.stringValue.flatMap { CalendarDate($0) }.map { $0 < date } ?? true
        }
    }

    // MARK: - Exposure

    mutating func addExposure(_ intent: String, symbol: Symbol, fraction: Double) {
        exposures.append([
            "intent": .string(intent), "symbol": .string(symbol.description),
            "fraction": .double(fraction),
        ])
    }

    /// The sum of the fractions that entries on these symbols may hold.
    ///
    /// Summed exactly: fifteen times two per cent are thirty, and no trace more.
    func exposure(of symbols: Set<String>) -> Decimal8 {
        exposures.reduce(.zero) { sum, entry in
            guard symbols.contains(entry["symbol"]?.stringValue ?? "") else { return sum }
            return sum
                + (entry["fraction"]?.doubleValue.flatMap { Decimal8(rounding: $0) } ?? .zero)
        }
    }

    /// An entry that came to nothing holds nothing.
    mutating func note(fill body: JSON) {
        guard body["state"]?.stringValue != "filled", let intent = body["intent"] else { return }
        exposures.removeAll { $0["intent"] == intent }
    }

    /// A closed trade holds nothing any more.
    mutating func note(trade body: JSON) {
        guard let intent = body["intent"] else { return }
        exposures.removeAll { $0["intent"] == intent }
    }

    // MARK: - Trials

    /// The most trials whose returns are said in one turn, and the most that are remembered.
    static let recordLimit = 50, saidLimit = 20_000

    /// The body of a signal with the returns of trials that were not said yet; nil for none.
    mutating func unsaid(_ records: [(id: ContentHash, record: TrialRecord)]) -> JSON? {
        let known = Set(said)
        let new = records.filter { !known.contains($0.id.short) }.prefix(Self.recordLimit)
        guard !new.isEmpty, said.count < Self.saidLimit else { return nil }
        said += new.map(\.id.short)
        return [
            "records": .array(
                new.map { ["trial": .string($0.id.description), "record": $0.record.json] }
            )
        ]
    }
}
