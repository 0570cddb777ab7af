// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Turns the stored values of a column into those of a bar.
struct ParquetConverter<Value> {
    /// The bytes of one stored value; 0 when they vary.
    let width: Int
    /// What stands for a value that is missing.
    let missing: Value
    /// Reads one stored value.
    let convert: (UnsafeRawBufferPointer) -> Value
    /// Reads a whole number that was decoded already; nil for columns of another kind.
    let convertInteger: ((Int64) -> Value)?
}

extension ParquetConverter where Value == Double {
    /// For a column of prices or volumes.
    init(_ column: ParquetFooter.Column) throws(QuantError) {
        let scale: Double
        switch column.meaning {
        case .plain, .unsigned: scale = 1
        case .decimal(let digits) where (0...22).contains(digits):
            scale = DecimalPowers.shared.exact[digits]
        default: throw Self.refusal(column)
        }
        let isUnsigned = column.meaning == .unsigned
        switch column.physical {
        case .double:
            self.init(width: 8, missing: .nan, convert: { Self.load($0) }, convertInteger: nil)
        case .float:
            self.init(
                width: 4,
                missing: .nan,
                convert: { bytes in Double(bytes.loadUnaligned(as: Float.self)) },
                convertInteger: nil
            )
        case .int32:
            let convert = { (value: Int64) in
                Double(isUnsigned ? value & 0xFFFF_FFFF : value) / scale
            }
            self.init(
                width: 4,
                missing: .nan,
                convert: { convert(Int64($0.loadUnaligned(as: Int32.self))) },
                convertInteger: convert
            )
        case .int64:
            let convert = { (value: Int64) in
                (isUnsigned ? Double(UInt64(bitPattern: value)) : Double(value)) / scale
            }
            self.init(
                width: 8,
                missing: .nan,
                convert: { convert($0.loadUnaligned(as: Int64.self)) },
                convertInteger: convert
            )
        case .fixedByteArray where (1...16).contains(column.length), .byteArray:
            guard case .decimal = column.meaning else { throw Self.refusal(column) }
            self.init(
                width: column.physical == .byteArray ? 0 : column.length,
                missing: .nan,
                convert: { bytes in Self.whole(bytes).map { Double($0) / scale } ?? .nan },
                convertInteger: nil
            )
        default: throw Self.refusal(column)
        }
    }

    /// A whole number of up to 16 bytes, the greatest first; nil for another number of them.
    private static func whole(_ bytes: UnsafeRawBufferPointer) -> Int128? {
        guard let first = bytes.first, bytes.count <= 16 else { return nil }
        return bytes.reduce(first < 0x80 ? 0 : -1) { $0 << 8 | Int128($1) }
    }

    private static func load(_ bytes: UnsafeRawBufferPointer) -> Double {
        bytes.loadUnaligned(as: Double.self)
    }
}

extension ParquetConverter where Value == Instant {
    /// The value that stands for no time.
    static var noTime: Instant { Instant(nanosecondsSinceEpoch: .min) }

    /// For the column of times.
    init(_ column: ParquetFooter.Column) throws(QuantError) {
        let none = Self.noTime
        switch (column.physical, column.meaning) {
        case (.int64, .time(let unit)) where unit > 0:
            let convert = { (value: Int64) in Self.scaled(value, by: unit) }
            self.init(
                width: 8,
                missing: none,
                convert: { convert($0.loadUnaligned(as: Int64.self)) },
                convertInteger: convert
            )
        case (.int32, .date):
            let convert = { (value: Int64) in Self.scaled(value, by: 86_400_000_000_000) }
            self.init(
                width: 4,
                missing: none,
                convert: { convert(Int64($0.loadUnaligned(as: Int32.self))) },
                convertInteger: convert
            )
        case (.int96, _):
            self.init(width: 12, missing: none, convert: Self.julian, convertInteger: nil)
        case (.byteArray, .text), (.byteArray, .plain):
            self.init(
                width: 0,
                missing: none,
                convert: { NumberReader.instant($0.bindMemory(to: UInt8.self)) ?? none },
                convertInteger: nil
            )
        default: throw Self.refusal(column)
        }
    }

    private static func scaled(_ value: Int64, by unit: Int64) -> Instant {
        let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: unit)
        return overflow ? noTime : Instant(nanosecondsSinceEpoch: nanoseconds)
    }

    /// Nanoseconds of the day, then the Julian day, as older writers store times.
    private static func julian(_ bytes: UnsafeRawBufferPointer) -> Instant {
        let rest = bytes.loadUnaligned(as: Int64.self)
        let day = Int64(bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self)) - 2_440_588
        let start = scaled(day, by: 86_400_000_000_000)
        let (sum, overflow) = start.nanosecondsSinceEpoch.addingReportingOverflow(rest)
        return overflow || start == noTime ? noTime : Instant(nanosecondsSinceEpoch: sum)
    }
}

extension ParquetConverter {
    fileprivate static func refusal(_ column: ParquetFooter.Column) -> QuantError {
        let isNumber = Value.self == Double.self
        let wanted = isNumber ? "numbers" : "times"
        let hint = isNumber ? "doubles" : "timestamps"
        return .parquet(
            "the column '\(column.name)' holds \(kind(of: column)), which do not give \(wanted); "
                + "write it as \(hint)",
            .unsupported
        )
    }

    /// What a column holds, in words.
    private static func kind(of column: ParquetFooter.Column) -> String {
        switch (column.meaning, column.physical) {
        case (.text, _): "texts"
        case (.date, _): "dates"
        case (.time, _): "timestamps"
        case (.decimal, _): "decimals of too many digits"
        case (_, .boolean): "truth values"
        case (_, .byteArray), (_, .fixedByteArray): "bytes"
        case (_, .float), (_, .double): "numbers with fractions"
        case (_, .int32), (_, .int64): "whole numbers"
        case (_, .int96), (_, nil): "values of an unknown kind"
        }
    }
}
