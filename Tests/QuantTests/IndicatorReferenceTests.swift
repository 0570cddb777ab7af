// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import Quant
import Testing

@Suite("Indicators against TA-Lib's figures")
struct IndicatorReferenceTests {
    /// One line of the figures: a series, an expression and TA-Lib's values at some bars.
    struct Figure: Sendable, CustomTestStringConvertible {
        let kind: String
        let expression: String
        let values: [(index: Int, value: Double)]
        var testDescription: String { "\(kind): \(expression)" }
    }

    static let kinds = ["random", "trending", "flat", "gapped", "tiny", "short"]

    static let figures: [Figure] = {
        let path = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        // Without the file there are no figures, which a test refuses.
        guard let bytes = try? Folder("/\(path)/References").read("talib-figures.txt") else {
            return []
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: "\t")
            let words = fields[2].split(separator: " ")
            let pairs = stride(from: 0, to: words.count, by: 2).map { at in
                (index: Int(words[at]) ?? -1, value: Double(words[at + 1]) ?? .infinity)
            }
            return Figure(
                kind: String(fields[0]),
                expression: String(fields[1]),
                values: pairs
            )
        }
    }()

    @Test("there are figures for every kind of series")
    func figuresExist() {
        #expect(Self.figures.count > 300)
        #expect(Set(Self.figures.map(\.kind)) == Set(Self.kinds))
    }

    @Test("every indicator is TA-Lib's to 1e-12 on every kind of series", arguments: kinds)
    func values(kind: String) throws {
        let columns = BarColumns(try ReferenceBars.series(kind))

        for figure in Self.figures where figure.kind == kind {
            let column = try Expression(parsing: figure.expression).column(in: columns).asNumbers
            let first = try #require(figure.values.first).index
            #expect(column[..<first].isMissing, "\(figure.testDescription) begins later")
            for (index, value) in figure.values {
                let isSame = column[index] == value || Samples.near(column[index], value)
                #expect(isSame, "\(figure.testDescription)[\(index)]: \(column[index]), \(value)")
            }
        }
    }

    @Test("simple and exponential averages are TA-Lib's to the last bit", arguments: kinds)
    func bits(kind: String) throws {
        let columns = BarColumns(try ReferenceBars.series(kind))
        let exact = Self.figures.filter {
            $0.kind == kind && ["sma", "ema", "wma", "rsi"].contains($0.expression.prefix(3))
        }

        #expect(exact.count == 9)
        for figure in exact {
            let column = try Expression(parsing: figure.expression).column(in: columns).asNumbers
            for (index, value) in figure.values {
                #expect(column[index] == value, "\(figure.testDescription)[\(index)]")
            }
        }
    }
}
