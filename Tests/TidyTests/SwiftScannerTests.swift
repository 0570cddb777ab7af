// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Telling code from comments and literals")
struct SwiftScannerTests {
    private func words(_ text: String) -> [String] {
        Token.tokens(of: SwiftScanner(text).code).map(\.text)
    }

    @Test(
        "only code is left",
        arguments: [
            (#"a // b "c""#, ["a"]),
            ("a /* b /* c */ d */ e", ["a", "e"]),
            (#"f("b // c") // d"#, ["f", "(", "\"", "\"", ")"]),
            (#"f("b \" c") + d"#, ["f", "(", "\"", "\"", ")", "+", "d"]),
            (##"f(#"b " \ c"#) + d"##, ["f", "(", "\"", "\"", ")", "+", "d"]),
            ("f(\"\"\"\n b \" c\n \"\"\") + d", ["f", "(", "\"", "\"", ")", "+", "d"]),
            ("a.b(/x\"y/) + c", ["a", ".", "b", "(", "\"", "\"", ")", "+", "c"]),
            ("a = b / c / d // e", ["a", "=", "b", "/", "c", "/", "d"]),
            (##"a = #/x"y/# + b"##, ["a", "=", "\"", "\"", "+", "b"]),
            ("func `a \" b`() {}", ["func", "`", "a", "\"", "b", "`", "(", ")", "{", "}"]),
        ]
    )
    func keepsCode(text: String, expected: [String]) {
        let result = words(text)

        #expect(result == expected)
    }

    @Test(
        "what an interpolation holds is code",
        arguments: [
            (#""x \(a("y \(b) z")) w" + c"#, ["a", "b", "c"]),
            (##"#"x \#(a) \(b)"# + c"##, ["a", "c"]),
            ("\"\"\"\n x \\(a { b }) \n\"\"\" + c", ["a", "b", "c"]),
        ]
    )
    func keepsInterpolations(text: String, expected: [String]) {
        let result = words(text).filter { $0.first?.isLetter == true }

        #expect(result == expected)
    }

    @Test("comments are kept by themselves, on their own lines")
    func keepsComments() {
        let text = "a // one\n\"// two\"\n/* three\nfour */ b\n"

        let scanner = SwiftScanner(text)

        let lines = String(decoding: scanner.comments, as: UTF8.self).split(separator: "\n")
        let trimmed = lines.map { $0.split(separator: " ").joined(separator: " ") }
        #expect(trimmed == ["// one", "", "/* three", "four */"])
    }

    @Test("a token knows its line")
    func countsLines() {
        let tokens = Token.tokens(of: SwiftScanner("a\n\"\"\"\nb\n\"\"\"\nc").code)

        #expect(tokens.last == Token(text: "c", line: 5))
    }

    @Test(
        "an unfinished literal or comment ends with the text",
        arguments: ["\"a", "/* a", "#\"a", "`a"]
    )
    func endsWithText(text: String) {
        let scanner = SwiftScanner(text)

        #expect(scanner.code.count == text.utf8.count)
    }
}
