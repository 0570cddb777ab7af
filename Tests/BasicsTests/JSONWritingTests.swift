// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Writing JSON")
struct JSONWritingTests {
    static let sample: JSON = [
        "b": [1, .double(2), .double(-0.25), .double(1e300), .null, true], "a": [:], "c": [],
        "é": ["z": "x", "y": [["w": 1]]],
    ]

    @Test("a value is written on one line, members in their order")
    func compact() {
        #expect(
            Self.sample.compactText
                == #"{"b":[1,2.0,-0.25,1e+300,null,true],"a":{},"#
                + #""c":[],"é":{"z":"x","y":[{"w":1}]}}"#
        )
    }

    @Test("the canonical bytes are those of the canonical value")
    func canonicalBytes() {
        let inner: JSON = ["z": [["b": 1, "a": [:]]], "é": "x", "A": .null, "a": .double(2)]
        for value in [Self.sample, inner, ["outer": inner, "list": [inner, []]], [], "text"] {
            #expect(value.canonicalBytes == value.canonical.compactBytes)
        }
        #expect(
            inner.canonicalBytes == Array(#"{"A":null,"a":2.0,"z":[{"a":{},"b":1}],"é":"x"}"#.utf8)
        )
    }

    @Test("the pretty form has two spaces a level and ends in a line feed")
    func pretty() {
        let value: JSON = ["a": [1, ["b": .null]], "c": [], "d": [:]]

        #expect(
            String(decoding: value.prettyBytes, as: UTF8.self) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": [],
                  "d": {}
                }

                """
        )
        #expect(String(decoding: JSON.int(1).prettyBytes, as: UTF8.self) == "1\n")
    }

    @Test("both forms read back as the same value")
    func roundTrip() throws {
        #expect(try JSON(parsing: Self.sample.compactBytes) == Self.sample)
        #expect(try JSON(parsing: Self.sample.prettyBytes) == Self.sample)
    }

    @Test("every character up to U+0120 and beyond survives, control characters escaped")
    func characters() throws {
        let scalars = (0...0x120).compactMap { Unicode.Scalar($0 as UInt32) } + ["\u{2028}", "😀"]
        let text = String(String.UnicodeScalarView(scalars))

        let bytes = JSON.string(text).compactBytes

        #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(try JSON(parsing: bytes).stringValue?.unicodeScalars.elementsEqual(scalars) == true)
        #expect(
            JSON.string("\u{1}\u{1F}\u{7F}\n\"\\").compactText == #""\u0001\u001f\u007f\n\"\\""#
        )
    }

    @Test("finite doubles read back bit for bit and stay doubles")
    func doubles() throws {
        var random = SeededRandom(seed: 17)
        var wrong: [Double] = []

        for _ in 0..<20_000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            let text = JSON.double(number).compactText
            guard case .double(let back) = try JSON(parsing: text),
                back.bitPattern == number.bitPattern
            else {
                wrong.append(number)
                continue
            }
        }

        #expect(wrong.isEmpty)
        #expect(JSON.number(.nan) == .null)
        #expect(JSON.number(-.infinity) == .null)
        #expect(JSON.number(1) == .double(1))
    }

    @Test("whole numbers stay apart from doubles")
    func kinds() throws {
        #expect(JSON.int(1) != .double(1))
        #expect(JSON.double(1).intValue == nil)
        #expect(JSON.int(1).doubleValue == 1)
        #expect(JSON.int(.min).compactText == "-9223372036854775808")
    }

    @Test("the canonical form sorts members at every level and leaves lists alone")
    func canonical() {
        let left: JSON = ["b": [["y": 1, "x": 2], 0], "a": 1]
        let right: JSON = ["a": 1, "b": [["x": 2, "y": 1], 0]]

        #expect(left.canonical == right)
        #expect(left.canonical.compactBytes == right.canonical.compactBytes)
        #expect(left.compactText == #"{"b":[{"y":1,"x":2},0],"a":1}"#)
    }

    @Test("a number that is not finite stops the program")
    func notFinite() async {
        await #expect(processExitsWith: .failure) { _ = JSON.double(.nan).compactBytes }
    }

    @Test("accessors give the content of their own kind only")
    func accessors() {
        let object: JSON = ["a": "x"]

        #expect(object["a"] == "x" && object["b"] == nil && JSON.null["a"] == nil)
        #expect(object.objectValue?.count == 1 && object.arrayValue == nil)
        #expect(object.stringValue == nil && object.boolValue == nil && object.doubleValue == nil)
        #expect(JSON.bool(true).boolValue == true && JSON.array([1]).arrayValue == [1])
        #expect(JSON.string("x").objectValue == nil)
    }
}
