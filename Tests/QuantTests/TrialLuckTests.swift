// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Quant

@Suite("Luck among trials")
struct TrialLuckTests {
    private static let weekCount = 400
    /// The variance of a ratio per day without skill.
    private static let floor = 1 / Double(5 * weekCount - 1)

    /// Weekly returns with normal steps of 0.01 and a mean in such steps.
    private static func weeks(_ random: inout SeededRandom, mean: Double = 0) -> [Double] {
        (0..<weekCount).map { _ in 0.01 * (mean + random.nextNormal()) }
    }

    private static func mix(_ own: Double, _ left: [Double], _ right: [Double]) -> [Double] {
        let rest = (1 - own * own).squareRoot()
        return zip(left, right).map { own * $0 + rest * $1 }
    }

    /// A trial with these weekly returns, of which each day has a fifth.
    private static func record(_ name: String, _ weeks: [Double]) throws -> TrialRecord {
        let mean = weeks.reduce(0, +) / Double(weeks.count)
        let square = weeks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (square / Double(weeks.count - 1)).squareRoot()
        let steps = weeks.map { JSON.int(Int64(($0 * 1e8).rounded())) }
        return try TrialRecord([
            "identity": [
                "name": .string(name), "family": "one",
                "strategy": .string(ContentHash(of: name).description),
                "behaviour": .string(ContentHash(of: "positions of \(name)").description),
                "weeks": ["first": 2000, "steps": .array(steps)],
            ],
            "sharpe": .double(mean / deviation / 5.0.squareRoot()),
            "periods": .int(Int64(5 * weekCount)), "skew": .double(0), "kurtosis": .double(3),
        ])
    }

    private static func independent(_ count: Int, seed: UInt64) throws -> [TrialRecord] {
        var random = SeededRandom(seed: seed)
        return try (0..<count).map { try record("idea \($0)", weeks(&random)) }
    }

    @Test("what others have of a candidate's edge is no luck", arguments: [1, 2, 3] as [UInt64])
    func leakedEdge(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        // An annual ratio of about 2.
        let edge = Self.weeks(&random, mean: 0.28)
        let candidate = try Self.record("candidate", edge)
        let others = try (0..<200).map { place in
            let share = place % 2 == 0 ? 0.45 : -0.45
            return try Self.record("\(place)", Self.mix(share, edge, Self.weeks(&random)))
        }
        let census = TrialCensus(others + [candidate])

        let plain = try #require(TrialCensus.luck(others.compactMap(\.sharpe)))
        let beside = try #require(census.facts(judging: candidate).variance)

        #expect(plain > 3 * Self.floor)
        #expect((0.6 * Self.floor..<1.4 * Self.floor).contains(beside))
    }

    @Test("the same behaviour leaves nothing beside itself, also over weeks too few to compare")
    func sameBehaviour() throws {
        var random = SeededRandom(seed: 4)
        func record(_ name: String) throws -> TrialRecord {
            try Self.record(name, Array(Self.weeks(&random).prefix(40)))
        }
        let candidate = try record("candidate")

        #expect(try record("candidate").sharpe(beside: candidate) == nil)
        #expect(try record("another").sharpe(beside: candidate) != nil)
    }

    @Test(
        "without skill luck is found as great as it is, whatever the candidate earned",
        arguments: [0, 0.15, 0.4]
    )
    func noSkill(_ mean: Double) throws {
        var random = SeededRandom(seed: 11)
        let candidate = try Self.record("candidate", Self.weeks(&random, mean: mean))
        let others = try Self.independent(200, seed: 12)

        let facts = TrialCensus(others + [candidate]).facts(judging: candidate)

        let found = try #require(facts.variance)
        #expect((0.6 * Self.floor..<1.5 * Self.floor).contains(found))
        #expect(facts.trials == 201 && facts.effectiveTrials >= 195)
    }

    @Test("a trial that goes with the candidate, or against it, tells nothing of luck")
    func related() throws {
        var random = SeededRandom(seed: 3)
        let edge = Self.weeks(&random, mean: 0.3)
        let candidate = try Self.record("candidate", edge)
        let near = try Self.record("near", Self.mix(0.98, edge, Self.weeks(&random)))
        let mirror = try Self.record("mirror", edge.map { -$0 })
        let other = try Self.record("other", Self.weeks(&random))

        #expect(candidate.sharpe(beside: candidate) == nil)
        #expect(near.sharpe(beside: candidate) == nil && mirror.sharpe(beside: candidate) == nil)
        let shared = try #require(
            other.identity.weeks.correlation(with: candidate.identity.weeks)
        )
        let expected =
            (try #require(other.sharpe) - shared * (try #require(candidate.sharpe)))
            / (1 - shared * shared).squareRoot()
        #expect(Samples.near(other.sharpe(beside: candidate), expected, 1e-12))
    }

    /// What a maker can put into a ledger beside trials that do not depend on one another.
    enum Padding: String, CaseIterable {
        case none, copies, twoClusters, mirrors, junk, everything
    }

    @Test(
        "nothing that is added makes independent trials count for fewer",
        arguments: Padding.allCases
    )
    func padding(_ padding: Padding) throws {
        let ideas = try Self.independent(40, seed: 5)
        var random = SeededRandom(seed: 6)
        func copies(of place: Int, _ count: Int, sign: Double = 1) throws -> [TrialRecord] {
            let origin = ideas[place].identity.weeks.steps.map { sign * Double($0) * 1e-8 }
            return try (0..<count).map { number in
                try Self.record(
                    "copy \(place) \(number) \(sign)",
                    Self.mix(0.97, origin, Self.weeks(&random))
                )
            }
        }
        func junk() throws -> [TrialRecord] {
            // Hardly ever in the market, so that the ratios lie close together.
            try (0..<100).map { number in
                var weeks = [Double](repeating: 0, count: Self.weekCount)
                weeks[number] = 0.01
                weeks[number + 100] = -0.01
                return try Self.record("junk \(number)", weeks)
            }
        }
        let added: [TrialRecord] =
            switch padding {
            case .none: []
            case .copies: try copies(of: 0, 20)
            case .twoClusters: try copies(of: 0, 200) + copies(of: 1, 200)
            case .mirrors: try copies(of: 0, 20) + copies(of: 0, 20, sign: -1)
            case .junk: try junk()
            case .everything:
                try copies(of: 0, 20) + copies(of: 1, 20, sign: -1) + junk()
            }

        let facts = TrialCensus(ideas + added).facts(judging: ideas[7])
        let bar = SharpeSignificance.expectedMaximum(
            trials: facts.effectiveTrials,
            variance: facts.luckVariance(returns: 5 * Self.weekCount, periodsPerYear: 252)
        )

        #expect(facts.effectiveTrials >= 40)
        let least = SharpeSignificance.expectedMaximum(trials: 40, variance: Self.floor)
        #expect(bar >= least)
    }
}
