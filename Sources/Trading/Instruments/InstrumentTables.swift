// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The dated tables of everything that can be traded; what is not in them is refused.
public struct InstrumentTables: Sendable {
    /// The tables that come with the program.
    public static let bundled = InstrumentTables(
        terms: Self.chineseTerms + Self.perpetualTerms + Self.shareTerms,
        charges: Self.chineseCharges + Self.perpetualCharges + Self.shareCharges,
        tiers: Self.perpetualTiers
    )

    /// The last day for which anybody has looked whether the rows of futures still hold.
    public static let checkedThrough = Self.date("2026-12-31")

    private let terms: [String: [InstrumentTerms]]
    private let charges: [String: [InstrumentCharges]]
    private let tiers: [String: [LeverageTiers]]

    init(terms: [InstrumentTerms], charges: [InstrumentCharges], tiers: [LeverageTiers]) {
        self.terms = Dictionary(grouping: terms, by: \.product)
            .mapValues { $0.sorted { $0.effectiveFrom < $1.effectiveFrom } }
        self.charges = Dictionary(grouping: charges, by: \.product)
            .mapValues { $0.sorted { $0.effectiveFrom < $1.effectiveFrom } }
        self.tiers = Dictionary(grouping: tiers, by: \.product)
            .mapValues { $0.sorted { $0.effectiveFrom < $1.effectiveFrom } }
    }

    /// The products in the order of their names.
    public var products: [String] { terms.keys.sorted() }

    /// The rows of a product's terms, oldest first; empty for an unknown one.
    public func terms(of product: String) -> [InstrumentTerms] { terms[product] ?? [] }

    /// Finds an instrument by its code as it is on a date.
    /// - Throws: A ``TradingError`` with code `unknownInstrument` for a product or a form of code
    ///   that is not known, `notInForce` for a date before the product's first row or, but for
    ///   shares, behind the last day for which the rows were checked.
    public func instrument(_ code: String, on date: CalendarDate) throws(TradingError) -> Instrument
    {
        guard let parts = ContractCode(code), let rows = terms[parts.product],
            let first = rows.first
        else { throw unknown(code) }
        guard let row = rows.last(where: { $0.effectiveFrom <= date }) else {
            throw TradingError(
                .notInForce,
                "find \(code) on \(date)",
                "the first row of \(parts.product) is from \(first.effectiveFrom)"
            )
        }
        guard row.kind == .share || date <= Self.checkedThrough else {
            throw TradingError(
                .notInForce,
                "find \(code) on \(date)",
                "the rows of \(parts.product) were checked through \(Self.checkedThrough)"
            )
        }
        return Instrument(
            code: code,
            delivery: try parts.delivery(on: row.marketplace, near: date),
            date: date,
            terms: row,
            charges: charges[parts.product]?.last { $0.effectiveFrom <= date },
            tiers: tiers[parts.product]?.last { $0.effectiveFrom <= date }
        )
    }

    /// Whether a code is that of a contract, which only the tables can tell about: one in small
    /// letters, one whose letters are a product of futures, and one in the form of Zhengzhou.
    ///
    /// Any other is that of something which is paid in full, known or not.
    public func namesContract(_ code: String) -> Bool {
        if code.utf8.contains(where: { (0x61...0x7A).contains($0) }) { return true }
        guard let parts = ContractCode(code) else { return false }
        if let row = terms[parts.product]?.first { return row.kind != .share }
        guard parts.product.utf8.count == 2, [3, 4].contains(parts.digits.utf8.count),
            let month = Int(parts.digits.suffix(2))
        else { return false }
        return (1...12).contains(month)
    }

    /// The dates on which a row of a product begins, oldest first.
    func changes(of product: String) -> [CalendarDate] {
        let dates =
            (terms[product] ?? []).map(\.effectiveFrom)
            + (charges[product] ?? []).map(\.effectiveFrom)
            + (tiers[product] ?? []).map(\.effectiveFrom)
        return Set(dates).sorted()
    }

    private func unknown(_ code: String) -> TradingError {
        let letters = ContractCode(code)?.product ?? code
        let twin = products.first { $0.lowercased() == letters.lowercased() }
        return TradingError(
            .unknownInstrument,
            "find instrument '\(code.prefix(InstrumentID.longest))'",
            twin.map { "its product is written \($0)" }
                ?? "the tables have no product '\(letters.prefix(InstrumentID.longest))'"
        )
    }
}
