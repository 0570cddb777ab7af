// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension PatternParser {
    /// Reads what follows a backslash outside brackets.
    mutating func escape() throws(PatternError) -> PatternNode {
        guard let scalar = next else { throw PatternError("a trailing '\\'") }
        let assertion: PatternNode.Assertion? =
            switch scalar {
            case "b": .wordBoundary
            case "B": .noWordBoundary
            case "A": .textStart
            case "z": .textEnd
            default: nil
            }
        if let assertion {
            place += 1
            return .assertion(assertion)
        }
        if scalar == "Q" { return quoted() }
        if let characters = try perlClass() { return set(characters) }
        let value = try escapedScalar()
        return set(CharacterSet([value...value]))
    }

    /// Reads literal text up to `\E`.
    private mutating func quoted() -> PatternNode {
        place += 1
        var items: [PatternNode] = []
        while let scalar = next {
            if scalar == "\\", next(after: 1) == "E" {
                place += 2
                break
            }
            items.append(set(CharacterSet([scalar.value...scalar.value])))
            place += 1
        }
        return .sequence(items)
    }

    /// `\d`, `\w`, `\s`, `\p` or their opposites, taken if they are next.
    private mutating func perlClass() throws(PatternError) -> CharacterSet? {
        let characters: CharacterSet
        switch next {
        case "d": characters = .digits
        case "D": characters = CharacterSet.digits.inverted
        case "w": characters = .words
        case "W": characters = CharacterSet.words.inverted
        case "s": characters = .spaces
        case "S": characters = CharacterSet.spaces.inverted
        case "p": return try category()
        case "P": return try category().inverted
        default: return nil
        }
        place += 1
        return characters
    }

    /// Reads a general category after `p` or `P`: a letter, or a name in braces.
    private mutating func category() throws(PatternError) -> CharacterSet {
        place += 1
        var name = ""
        var isInverted = false
        if accept("{") {
            isInverted = accept("^")
            while let scalar = next, CharacterSet.words.contains(scalar.value) {
                name.unicodeScalars.append(scalar)
                place += 1
            }
            guard accept("}") else { throw PatternError("a malformed '\\p' class") }
        } else if let scalar = next {
            name.unicodeScalars.append(scalar)
            place += 1
        }
        guard let characters = CharacterSet.category(name) else {
            throw PatternError(
                "an unknown class '\\p{\(name)}'; write a category such as '\\p{Lu}'"
            )
        }
        return isInverted ? characters.inverted : characters
    }

    /// Reads the character an escape stands for.
    private mutating func escapedScalar() throws(PatternError) -> UInt32 {
        guard let scalar = next else { throw PatternError("a trailing '\\'") }
        place += 1
        switch scalar {
        case "a": return 0x07
        case "f": return 0x0C
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "v": return 0x0B
        case "x": return try hexadecimal()
        case "0": return octal(0)
        case "1"..."7" where next.map { ("0"..."7").contains($0) } ?? false:
            return octal(scalar.value - 0x30)
        case "0"..."9", "a"..."z", "A"..."Z":
            throw PatternError("unsupported escape '\\\(scalar)'")
        default: return scalar.value
        }
    }

    /// Reads up to two more octal digits.
    private mutating func octal(_ first: UInt32) -> UInt32 {
        var value = first
        for _ in 0..<2 {
            guard let scalar = next, ("0"..."7").contains(scalar) else { break }
            value = value << 3 | (scalar.value - 0x30)
            place += 1
        }
        return value
    }

    /// Reads two digits, or any number of them in braces.
    private mutating func hexadecimal() throws(PatternError) -> UInt32 {
        let isBraced = accept("{")
        var value: UInt32 = 0
        var count = 0
        while isBraced || count < 2, let scalar = next, scalar != "}" {
            guard let digit = UInt32(String(scalar), radix: 16), value <= 0x10FFFF else {
                throw PatternError("a malformed '\\x' escape")
            }
            value = value << 4 | digit
            count += 1
            place += 1
        }
        guard count > 0, isBraced || count == 2, !isBraced || accept("}"), value <= 0x10FFFF else {
            throw PatternError("a malformed '\\x' escape")
        }
        return value
    }

    /// Reads a bracketed class after its opening bracket.
    mutating func bracket() throws(PatternError) -> CharacterSet {
        // Put in order once, at the end: doing so for each part would take long for many.
        var ranges: [ClosedRange<UInt32>] = []
        let isInverted = accept("^")
        var isFirst = true
        while let scalar = next, isFirst || scalar != "]" {
            isFirst = false
            if scalar == "[", next(after: 1) == ":" {
                ranges += try namedClass().ranges
                continue
            }
            if scalar == "\\" {
                place += 1
                if let inner = try perlClass() {
                    ranges += inner.ranges
                    continue
                }
                place -= 1
            }
            let low = try bracketScalar()
            guard next == "-", let after = next(after: 1), after != "]" else {
                ranges.append(low...low)
                continue
            }
            place += 1
            let high = try bracketScalar()
            guard low <= high else { throw PatternError("a reversed range in brackets") }
            ranges.append(low...high)
        }
        guard accept("]") else { throw PatternError("a '[' has no ']'") }
        var characters = CharacterSet(ranges)
        if flags.ignoresCase { characters = characters.withBothCases }
        return isInverted ? characters.inverted : characters
    }

    private mutating func bracketScalar() throws(PatternError) -> UInt32 {
        guard let scalar = next else { throw PatternError("a '[' has no ']'") }
        place += 1
        return scalar == "\\" ? try escapedScalar() : scalar.value
    }

    /// Reads a class such as `[:alpha:]`.
    private mutating func namedClass() throws(PatternError) -> CharacterSet {
        var name = ""
        var end = place + 2
        if end < scalars.count, scalars[end] == "^" { end += 1 }
        let isInverted = end > place + 2
        while end < scalars.count, ("a"..."z").contains(scalars[end]) {
            name.unicodeScalars.append(scalars[end])
            end += 1
        }
        guard end + 1 < scalars.count, scalars[end] == ":", scalars[end + 1] == "]",
            let characters = CharacterSet.named[name]
        else { throw PatternError("an unknown class in brackets") }
        place = end + 2
        return isInverted ? characters.inverted : characters
    }
}

extension CharacterSet {
    /// The ASCII classes by their POSIX names.
    static let named: [String: CharacterSet] = [
        "alnum": CharacterSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A]),
        "alpha": CharacterSet([0x41...0x5A, 0x61...0x7A]),
        "ascii": CharacterSet([0...0x7F]),
        "blank": CharacterSet([0x09...0x09, 0x20...0x20]),
        "cntrl": CharacterSet([0...0x1F, 0x7F...0x7F]),
        "digit": .digits,
        "graph": CharacterSet([0x21...0x7E]),
        "lower": CharacterSet([0x61...0x7A]),
        "print": CharacterSet([0x20...0x7E]),
        "punct": CharacterSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]),
        "space": CharacterSet([0x09...0x0D, 0x20...0x20]),
        "upper": CharacterSet([0x41...0x5A]),
        "word": .words,
        "xdigit": CharacterSet([0x30...0x39, 0x41...0x46, 0x61...0x66]),
    ]

    /// The set with the other case of each ASCII letter in it.
    var withBothCases: CharacterSet {
        var both = self
        for letter: UInt32 in 0x41...0x5A where contains(letter) || contains(letter | 0x20) {
            both.insert(letter...letter)
            both.insert((letter | 0x20)...(letter | 0x20))
        }
        return both
    }
}
