// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension OrderLimits {
    /// The name of the owner's file.
    public static let fileName = "limits.yml"

    /// One line of the owner's file: a key with one value, or with those of a list.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public let name: String
        /// The values as they are written.
        public let values: [String]
        /// Whether they are written as a list.
        public let isList: Bool
        /// The line of the file.
        public let line: Int?

        /// Creates an entry.
        public init(_ name: String, _ values: [String], isList: Bool, line: Int?) {
            self.name = name
            self.values = values
            self.isList = isList
            self.line = line
        }
    }

    /// Sets what the owner's file names; what it does not name stays as it is.
    /// - Throws: A ``TradingError`` with code `invalidConfiguration` that names the line, for the
    ///   first key or value that makes no sense; nothing is set then.
    public mutating func set(_ entries: [Entry]) throws(TradingError) {
        var changed = self
        for entry in entries {
            guard let limit = OrderLimit(rawValue: entry.name), limit.form != .fixed else {
                let known = OrderLimit.allCases.filter { $0.form != .fixed }.map(\.rawValue)
                throw Self.fault(
                    entry,
                    "unknown key; allowed are \(known.joined(separator: ", "))"
                )
            }
            if limit.form == .list {
                changed.products = try Self.products(entry)
            } else {
                changed[limit] = try Self.number(entry, limit)
            }
        }
        self = changed
    }

    private static func products(_ entry: Entry) throws(TradingError) -> Set<InstrumentID> {
        guard entry.isList else { throw fault(entry, "expected a list such as [AAPL, MSFT]") }
        var products: Set<InstrumentID> = []
        for value in entry.values {
            do throws(TradingError) { products.insert(try InstrumentID(value)) } catch {
                throw fault(entry, error.reason)
            }
        }
        return products
    }

    private static func number(
        _ entry: Entry,
        _ limit: OrderLimit
    ) throws(TradingError) -> Decimal8 {
        let (expected, range) = allowed(limit)
        guard !entry.isList, entry.values.count == 1, let text = entry.values.first,
            let number = limit.form == .span ? seconds(text) : Decimal8(text),
            range.contains(number),
            limit.form != .count || number == Decimal8(number.wholePart)
        else {
            throw fault(
                entry,
                "found '\(entry.values.joined(separator: ", ").prefix(60))'; expected \(expected)"
            )
        }
        return number
    }

    /// What a number of a limit may be.
    private static func allowed(_ limit: OrderLimit) -> (String, ClosedRange<Decimal8>) {
        switch limit.form {
        case .amount:
            return (
                "an amount from 0 to \(Money.largestNotional)",
                Decimal8.zero...Money.largestNotional
            )
        case .fraction:
            return ("a fraction from 0 to 100, such as 0.02", Decimal8.zero...Decimal8(100))
        case .count:
            return ("a whole number from 0 to 100000", Decimal8.zero...Decimal8(100_000))
        case .span:
            let longest = Decimal8(Int(OrderHistory.longestWindow))
            return ("a span from 0s to 365d, such as 60s or 5d", Decimal8.zero...longest)
        default:
            return ("a number from 0 to \(Quantity.largest)", Decimal8.zero...Quantity.largest)
        }
    }

    private static func seconds(_ text: String) -> Decimal8? {
        let units = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)]
        guard let (suffix, size) = units.first(where: { text.hasSuffix($0.0) }),
            let count = Int(text.dropLast(suffix.count)), (0...31_536_000).contains(count)
        else { return nil }
        return Decimal8(count * size)
    }

    private static func fault(_ entry: Entry, _ reason: String) -> TradingError {
        let place = entry.line.map { ":\($0)" } ?? ""
        return TradingError(
            .invalidConfiguration,
            "use \(fileName)\(place)",
            "\(entry.name.prefix(60)): \(reason)"
        )
    }
}
