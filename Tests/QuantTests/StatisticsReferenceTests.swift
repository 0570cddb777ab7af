// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// Figures of numpy, scipy and statsmodels, written by Tests/References/statistics_reference.py.
@Suite("Statistics beside their peers")
struct StatisticsReferenceTests {
    static let reference: JSON = {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        do {
            return try JSON(parsing: Folder("/\(tests)/References").read("statistics.json"))
        } catch {
            Issue.record("the reference figures cannot be read: \(error)")
            return .null
        }
    }()

    /// One series with the figures it should have.
    struct Case: Sendable, CustomTestStringConvertible {
        let json: JSON
        var testDescription: String { json["name"]?.stringValue ?? "?" }
    }

    static let cases = (reference["cases"]?.arrayValue ?? []).map { Case(json: $0) }

    static let draws = (reference["bootstrap"]?.arrayValue ?? []).map { Case(json: $0) }

    @Test("there are as many series as the script writes")
    func completeness() {
        #expect(Self.cases.count == 13)
        #expect(Self.draws.count == 3)
    }

    @Test("every figure agrees to ten digits", arguments: cases)
    func figures(_ sample: Case) throws {
        let returns = try #require(sample.json["returns"]?.arrayValue).compactMap(\.doubleValue)
        let expected = try #require(sample.json["figures"]?.objectValue)
        let performance = Performance(
            returns: returns,
            periodsPerYear: try #require(sample.json["periods"]?.doubleValue),
            riskFree: try #require(sample.json["rf"]?.doubleValue)
        )
        let deflated = performance.dsr(
            trials: try #require(sample.json["trials"]?.intValue),
            trialVariance: try #require(sample.json["trial_variance"]?.doubleValue)
        )

        let found =
            Dictionary(uniqueKeysWithValues: performance.returnFigures.map { ($0.name, $0.value) })
            .merging([
                "newey_west_lags": Double(performance.neweyWestLags),
                "skew": performance.moments.skewness, "kurtosis": performance.moments.kurtosis,
                "dsr": deflated,
            ]) { $1 }

        #expect(expected.count == 13)
        for figure in expected {
            let value = found[figure.name] ?? nil
            guard let wanted = figure.value.doubleValue else {
                #expect(value == nil, "\(figure.name)")
                continue
            }
            let actual = try #require(value, "\(figure.name)")
            // Probabilities near 0 have few digits in either library.
            let scale = max(abs(wanted), figure.name.hasSuffix("sr") ? 1e-3 : 0)
            #expect(abs(actual - wanted) <= 1e-10 * scale, "\(figure.name): \(actual), \(wanted)")
        }
    }

    @Test("intervals of resampled blocks agree to ten digits", arguments: draws)
    func bootstrap(_ sample: Case) throws {
        let json = sample.json
        let scheme = try #require(json["scheme"]?.stringValue)
        let seed = try #require(json["seed"]?.doubleValue)

        let result = try BlockBootstrap(
            returns: PerformanceTests.returns(252),
            resamples: try #require(json["resamples"]?.intValue),
            seed: UInt64(seed),
            blockLength: try #require(json["block"]?.intValue),
            scheme: try #require(BlockBootstrap.Scheme(rawValue: scheme)),
            parallel: Parallel(width: 3)
        )

        let mean = try #require(json["mean"]?.arrayValue).compactMap(\.doubleValue)
        let ratio = try #require(json["sharpe"]?.arrayValue).compactMap(\.doubleValue)
        #expect(Samples.near(result.mean.lower, mean[0], 1e-10))
        #expect(Samples.near(result.mean.upper, mean[1], 1e-10))
        #expect(Samples.near(result.sharpe?.lower, ratio[0], 1e-10))
        #expect(Samples.near(result.sharpe?.upper, ratio[1], 1e-10))
    }
}
