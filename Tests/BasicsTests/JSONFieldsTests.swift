// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@Suite("Reading the members of an object")
struct JSONFieldsTests {
    static let object: JSON = [
        "text": "x", "number": .double(1.5), "whole": 3, "flag": true, "list": [1, 2],
        "texts": ["a", "b"], "object": ["inner": 1], "amount": "-12.5",
        "time": "2000-03-01T21:00:00Z", "hash": .string(String(repeating: "a", count: 64)),
        "nothing": .null,
    ]

    @Test("members of the right kind are read")
    func reading() throws {
        let fields = try JSONFields(Self.object, path: "p")

        #expect(try fields.string("text") == "x")
        #expect(try fields.double("number") == 1.5)
        #expect(try fields.double("whole") == 3)
        #expect(try fields.int("whole") == 3)
        #expect(try fields.bool("flag"))
        #expect(try fields.array("list") == [1, 2])
        #expect(try fields.strings("texts") == ["a", "b"])
        #expect(try fields.object("object").int("inner") == 1)
        #expect(try fields.object("object").path == "p.object")
        #expect(try fields.decimal("amount") == Decimal8("-12.5"))
        #expect(try fields.instant("time").description == "2000-03-01T21:00:00Z")
        #expect(try fields.hash("hash").short == "aaaaaaaaaaaa")
        #expect(fields.optional("nothing") == nil && fields.optional("absent") == nil)
        #expect(fields.names == Self.object.objectValue?.map(\.name).sorted())
    }

    @Test("a member is found among few and among many", arguments: [3, 16, 17, 100])
    func many(count: Int) throws {
        let members = (0..<count).map { JSON.Member("m\($0)", .int(Int64($0))) }

        let fields = try JSONFields(.object(members + [.init("nothing", .null)]), path: "p")

        #expect(try fields.int("m0") == 0 && fields.int("m\(count - 1)") == count - 1)
        #expect(fields.optional("nothing") == nil && fields.optional("m\(count)") == nil)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let message: String
        let read: @Sendable (JSONFields) throws -> Void

        init(_ message: String, _ read: @escaping @Sendable (JSONFields) throws -> Void) {
            self.message = message
            self.read = read
        }

        var testDescription: String { message }
    }

    @Test(
        "each reader says which member is wrong, what it expected and what it found",
        arguments: [
            Case("p.whole: expected a text, found a whole number") { _ = try $0.string("whole") },
            Case("p.text: expected a number, found the text 'x'") { _ = try $0.double("text") },
            Case("p.number: expected a whole number, found a number") { _ = try $0.int("number") },
            Case("p.list: expected true or false, found a list") { _ = try $0.bool("list") },
            Case("p.flag: expected a list, found a truth value") { _ = try $0.array("flag") },
            Case("p.list[0]: expected a text, found a whole number") { _ = try $0.strings("list") },
            Case("p.object: expected a list, found an object") { _ = try $0.strings("object") },
            Case("p.list: expected an object, found a list") { _ = try $0.object("list") },
            Case("p.number: expected a decimal in quotes, such as \"12.5\", found a number") {
                _ = try $0.decimal("number")
            },
            Case("p.text: expected a decimal in quotes, such as \"12.5\", found the text 'x'") {
                _ = try $0.decimal("text")
            },
            Case("p.text: expected a time such as \"2000-03-01T21:00:00Z\", found the text 'x'") {
                _ = try $0.instant("text")
            },
            Case("p.text: expected a SHA-256 in hexadecimal, found the text 'x'") {
                _ = try $0.hash("text")
            },
            Case("p: 'absent' is missing") { _ = try $0.string("absent") },
            Case("p: 'nothing' is missing") { _ = try $0.required("nothing") },
            Case("p: 'absent' is missing") { _ = try $0.strings("absent") },
            Case("p: 'absent' is missing") { _ = try $0.object("absent") },
        ]
    )
    func faults(fault: Case) throws {
        let fields = try JSONFields(Self.object, path: "p")

        let error = #expect(throws: JSONError.self) { try fault.read(fields) }

        #expect(error?.description == fault.message)
        #expect(error?.line == nil)
    }

    @Test(
        "a value that is no object is refused",
        arguments: [
            (.null, "null"), ([], "a list"), ("x", "a text"), (1, "a whole number"),
            (.double(1), "a number"), (true, "a truth value"),
        ] as [(JSON, String)]
    )
    func notAnObject(value: JSON, kind: String) {
        let error = #expect(throws: JSONError.self) { try JSONFields(value, path: "strategy.exit") }

        #expect(error?.description == "strategy.exit: expected an object, found \(kind)")
    }

    @Test("a member beyond the allowed ones is refused with the list of those allowed")
    func allowOnly() throws {
        let fields = try JSONFields(["a": 1, "c": 2], path: "p")

        #expect(throws: Never.self) { try fields.allowOnly(["a", "b", "c"]) }
        let error = #expect(throws: JSONError.self) { try fields.allowOnly(["a", "b"]) }
        #expect(error?.description == "p: unknown member 'c'; allowed are a, b")
    }

    @Test("a misspelt member is told the nearest of those allowed")
    func nearest() throws {
        let fields = try JSONFields(["featurse": 1], path: "p")

        let error = #expect(throws: JSONError.self) { try fields.allowOnly(["enter", "features"]) }
        #expect(
            error?.description
                == "p: unknown member 'featurse'; did you mean 'features'?"
                + " allowed are enter, features"
        )
    }
}
