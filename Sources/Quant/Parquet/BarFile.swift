// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Loads and stores bars in files of any form that is known here.
public enum BarFile {
    /// Loads a CSV or Parquet file, told apart by its first bytes.
    ///
    /// Without a column of symbols and without `symbol`, the name of the file becomes the symbol,
    /// in capitals unless it is a contract's code: `spy-daily.csv` holds `SPY-DAILY` and
    /// `rb2501.csv` holds `rb2501`. The rules are those of any market: days may
    /// be missing and weekends may trade.
    /// - Throws: A ``QuantError`` as for ``BarCSV`` and ``BarParquet``; a bad row is no error.
    public static func load(
        _ name: String,
        in folder: Folder,
        symbol: Symbol? = nil,
        rules: BarRules = .anyMarket,
        now: Instant? = nil,
        codecs: ParquetCodecs = ParquetCodecs(),
        parallel: Parallel = .allCores,
        verifies: Bool = false
    ) throws(QuantError) -> ParsedBars {
        let file: MappedFile
        do throws(FileError) {
            file = try folder.map(name)
        } catch {
            throw QuantError(error, operation: "load bars")
        }
        let symbol = symbol ?? Self.symbol(of: name)
        let isParquet = file.withBytes { $0.prefix(4).elementsEqual(ParquetFormat.magic) }
        guard isParquet || name.hasSuffix(".parquet") else {
            return try BarCSV.parse(
                file,
                symbol: symbol,
                rules: rules,
                now: now,
                parallel: parallel
            )
        }
        return try BarParquet.parse(
            file,
            symbol: symbol,
            rules: rules,
            now: now,
            codecs: codecs,
            parallel: parallel,
            verifies: verifies
        )
    }

    /// Stores series as CSV under a name that ends in `.csv`, as Parquet under any other.
    /// - Throws: A ``QuantError``: `unwritable`, and as for ``BarParquet/bytes(of:)``.
    public static func write(
        _ series: [BarSeries],
        to name: String,
        in folder: Folder,
        durable: Bool = false
    ) throws(QuantError) {
        let bytes =
            name.hasSuffix(".csv")
            ? BarCSV.bytes(of: series) : try BarParquet.bytes(of: series)
        do throws(FileError) {
            try folder.replace(name, with: bytes, durable: durable)
        } catch {
            throw QuantError(.unwritable, operation: "write bars", reason: error.description)
        }
    }

    /// The symbol that a file's name gives, nil when nothing of it fits.
    static func symbol(of name: String) -> Symbol? {
        let file = name.split(separator: "/").last ?? ""
        let stem = file.split(separator: ".", omittingEmptySubsequences: true).first ?? ""
        // A contract's code is written in small letters.
        if let contract = Symbol(String(stem)) { return contract }
        let letters = stem.uppercased().map { letter in
            letter.isASCII && (letter.isLetter || letter.isNumber || letter == "-") ? letter : "_"
        }
        return Symbol(String(letters.prefix(32)))
    }
}
