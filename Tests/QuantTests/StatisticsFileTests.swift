// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Quant
import Testing

@Suite("Files of returns")
struct StatisticsFileTests {
    @Test(
        "the column named return is read, whatever stands beside it",
        arguments: [
            "return\n0.1\n-2e-3\n", "date,return\r\n2024-01-01,0.1\r\n2024-01-02,-0.002\r\n",
            "return,x\n 0.1 ,\n-.002,y", "\u{FEFF}return\n0.1\n\n-0.002\n\n",
        ]
    )
    func reading(_ text: String) throws {
        #expect(try ReturnsCSV.parse(Array(text.utf8)) == [0.1, -0.002])
    }

    @Test(
        "what cannot be used is refused with its line",
        arguments: [
            ("", QuantError.Code.empty, "empty"), ("return\n", .empty, "no rows"),
            ("returns\n0.1\n", .missingColumn, "no column 'return'; it has returns"),
            ("return,return\n1,1\n", .missingColumn, "2 columns"),
            ("return\n0.1\nx\n", .badRow, "line 3, column 'return': expected a number, found 'x'"),
            ("return\n0.1\nnan\n", .badRow, "line 3"), ("return\ninf\n", .badRow, "line 2"),
            ("return\n1e999\n", .badRow, "line 2"), ("return\n0x1p3\n", .badRow, "line 2"),
            ("a,return\n1,\n", .badRow, "found nothing"),
            ("a,return\n\n1,0.1,3\n", .badRow, "line 3: expected 2 fields, found 3"),
        ]
    )
    func refusals(_ text: String, _ code: QuantError.Code, _ words: String) {
        let error = #expect(throws: QuantError.self) { try ReturnsCSV.parse(Array(text.utf8)) }

        #expect(error?.code == code)
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test("names and numbers may stand in quotes")
    func quotes() throws {
        let text = "\"d\",\"return\"\n\"1\",\"0.5\"\n"

        #expect(try ReturnsCSV.parse(Array(text.utf8)) == [0.5])
    }

    @Test("a matrix has names and rows")
    func matrix() throws {
        let matrix = try ReturnsCSV.parseMatrix(Array("a,b\n1,2\n3,4.5\n".utf8))

        #expect(matrix.names == ["a", "b"])
        #expect(matrix.rows == [[1, 2], [3, 4.5]])
    }

    @Test(
        "a matrix with a hole is refused with its line and column",
        arguments: [("a,b\n1,2\n3\n", "line 3"), ("a,b\n1,2\n3,\n", "line 3, column 'b'")]
    )
    func holes(_ text: String, _ words: String) {
        let error = #expect(throws: QuantError.self) {
            try ReturnsCSV.parseMatrix(Array(text.utf8))
        }

        #expect(error?.reason.contains(words) == true)
    }
}
