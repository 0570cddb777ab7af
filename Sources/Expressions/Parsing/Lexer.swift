// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Splits the text of an expression into tokens.
struct Lexer {
    let octets: [UInt8]
    var place = 0
    private var site = Site()
    private var sitePlace = 0

    init(_ source: String) {
        octets = Array(source.utf8)
    }

    init(octets: [UInt8]) {
        self.octets = octets
    }

    /// The next token and where it starts.
    mutating func next() throws(ExpressionError) -> (Token, Site) {
        skipBlanks()
        let start = currentSite()
        guard let octet = peek() else { return (.end, start) }
        if Lexer.isNameStart(octet) { return (try word(at: start), start) }
        if Lexer.isDigit(octet) { return (try number(at: start), start) }
        if octet == UInt8(ascii: "."), let after = peek(1), Lexer.isDigit(after) {
            return (try number(at: start), start)
        }
        if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "'") {
            return (try text(StringForm(), at: start), start)
        }
        if octet == UInt8(ascii: "`") { return (try quotedName(at: start), start) }
        return (.sign(try sign(octet, at: start)), start)
    }

    func peek(_ distance: Int = 0) -> UInt8? {
        place + distance < octets.count ? octets[place + distance] : nil
    }

    static func isDigit(_ octet: UInt8) -> Bool { octet >= 0x30 && octet <= 0x39 }

    static func isNameStart(_ octet: UInt8) -> Bool {
        (octet | 0x20 >= 0x61 && octet | 0x20 <= 0x7A) || octet == 0x5F
    }

    static func isNamePart(_ octet: UInt8) -> Bool { isNameStart(octet) || isDigit(octet) }

    /// The place of the next octet in lines and columns; only ever moves forward.
    mutating func currentSite() -> Site {
        while sitePlace < place {
            let octet = octets[sitePlace]
            if octet == 0x0A {
                site.line += 1
                site.column = 1
            } else if octet & 0xC0 != 0x80 {
                site.column += 1
            }
            sitePlace += 1
        }
        return site
    }

    private mutating func skipBlanks() {
        while let octet = peek() {
            switch octet {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D:
                place += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while let inside = peek(), inside != 0x0A { place += 1 }
            default:
                return
            }
        }
    }

    private mutating func word(at start: Site) throws(ExpressionError) -> Token {
        let first = place
        while let octet = peek(), Lexer.isNamePart(octet) { place += 1 }
        let word = String(decoding: octets[first..<place], as: UTF8.self)
        if let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            let form = StringForm(prefix: word)
        {
            return try text(form, at: start)
        }
        if let keyword = Token.Keyword(rawValue: word) { return .keyword(keyword) }
        return .name(word)
    }

    private mutating func quotedName(at start: Site) throws(ExpressionError) -> Token {
        let first = place + 1
        var last = first
        while last < octets.count,
            Lexer.isNamePart(octets[last]) || "./- ".utf8.contains(octets[last])
        {
            last += 1
        }
        guard last > first, last < octets.count, octets[last] == UInt8(ascii: "`") else {
            let message = "a name in back quotes holds letters, digits and _ . - / or blanks"
            throw ExpressionError(.syntax, message, at: start)
        }
        place = last + 1
        return .quotedName(String(decoding: octets[first..<last], as: UTF8.self))
    }

    private mutating func sign(_ octet: UInt8, at start: Site) throws(ExpressionError) -> Token.Sign
    {
        if let second = peek(1) {
            if let sign = Token.Sign(octet, second) {
                place += 2
                return sign
            }
            if isOptional(octet, second) {
                throw ExpressionError(.unsupported, "optional values are not supported", at: start)
            }
        }
        if let sign = Token.Sign(octet) {
            place += 1
            return sign
        }
        throw ExpressionError(.syntax, strayMessage(octet), at: start)
    }

    /// Whether two characters belong to an extension of the language.
    private func isOptional(_ first: UInt8, _ second: UInt8) -> Bool {
        switch (Unicode.Scalar(first), Unicode.Scalar(second)) {
        case (".", "?"), ("[", "?"), ("{", "?"): true
        // A question mark may also stand before a fraction, as in `a ?.5 : 1`.
        case ("?", "."): !(peek(2).map(Lexer.isDigit) ?? false)
        default: false
        }
    }

    private func strayMessage(_ octet: UInt8) -> String {
        switch octet {
        case UInt8(ascii: "="): return "'=' is not an operator; write '==' to compare"
        case UInt8(ascii: "&"): return "'&' is not an operator; write '&&'"
        case UInt8(ascii: "|"): return "'|' is not an operator; write '||'"
        default:
            let scalar = String(decoding: octets[place...].prefix(4), as: UTF8.self)
                .unicodeScalars.first
            return "unexpected character \(Value.string(scalar.map { String($0) } ?? ""))"
        }
    }
}
