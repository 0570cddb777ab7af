// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One strategy as it was tried on the bars before the seal: what a ledger keeps of it.
public struct TrialRecord: Sendable, Hashable {
    /// What it is known again by.
    public let identity: TrialIdentity
    /// The net Sharpe ratio per period; nil when returns do not vary.
    public let sharpe: Double?
    /// The number of returns.
    public let periods: Int
    /// The skew of the returns; nil when they do not vary.
    public let skewness: Double?
    /// Their raw kurtosis; nil when they do not vary.
    public let kurtosis: Double?

    /// Tries a strategy on the bars through the seal.
    /// - Throws: A ``QuantError`` when it cannot be run, and what running a program throws.
    public init(
        _ subject: GateSubject,
        history: [BarSeries],
        seal: Instant,
        terms: GateTerms = GateTerms()
    ) throws {
        let series = try subject.series(in: history).map { series in
            series[0..<series.firstIndex(after: seal)]
        }
        let table = try subject.table(on: series, dialect: terms.dialect)
        guard !table.times.isEmpty else {
            throw QuantError(
                .noData,
                operation: "try strategy",
                reason: "there are no bars before the seal"
            )
        }
        let result = table.run(costs: terms.costs(of: subject), terms: terms)
        self.init(subject, result)
    }

    /// Takes the figures of a backtest of the bars before the seal.
    init(_ subject: GateSubject, _ result: BacktestResult) {
        identity = TrialIdentity(subject, result)
        sharpe = result.metrics.sharpePerPeriod
        periods = result.metrics.periods
        skewness = result.metrics.moments.skewness
        kurtosis = result.metrics.moments.kurtosis
    }

    /// Reads what ``json`` wrote.
    /// - Throws: A `JSONError` for what is no such object.
    public init(_ json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "trial")
        try fields.allowOnly(["identity", "sharpe", "periods", "skew", "kurtosis"])
        func number(_ name: String) throws(JSONError) -> Double? {
            try fields.optional(name) == nil ? nil : fields.double(name)
        }
        identity = try TrialIdentity(try fields.required("identity"))
        sharpe = try number("sharpe")
        periods = try fields.int("periods")
        skewness = try number("skew")
        kurtosis = try number("kurtosis")
    }

    /// The record as JSON, in a fixed order.
    public var json: JSON {
        [
            "identity": identity.json, "sharpe": sharpe.map { .number($0) } ?? .null,
            "periods": .int(Int64(periods)), "skew": skewness.map { .number($0) } ?? .null,
            "kurtosis": kurtosis.map { .number($0) } ?? .null,
        ]
    }
}
