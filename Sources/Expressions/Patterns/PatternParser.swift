// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Reads the syntax of RE2, as far as it only asks whether a text matches.
struct PatternParser {
    /// How deeply groups may nest.
    static let maximumDepth = 50
    /// The largest count in braces, as in RE2.
    static let maximumCount = 1000

    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesLineFeed = false
    }

    let scalars: [Unicode.Scalar]
    var place = 0
    var flags = Flags()
    private var depth = 0

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    func next(after distance: Int) -> Unicode.Scalar? {
        place + distance < scalars.count ? scalars[place + distance] : nil
    }

    mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        place += 1
        return true
    }

    /// Reads the whole pattern.
    mutating func pattern() throws(PatternError) -> PatternNode {
        let node = try choice()
        guard next == nil else { throw PatternError("unexpected ')'") }
        return node
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternParser.maximumDepth else { throw PatternError("nested too deeply") }
        let outer = flags
        var choices = [try sequence()]
        while accept("|") { choices.append(try sequence()) }
        flags = outer
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var items: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let item = try atom(scalar)
            items.append(try repeated(item))
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func atom(_ scalar: Unicode.Scalar) throws(PatternError) -> PatternNode {
        place += 1
        switch scalar {
        case ".":
            return set(flags.dotMatchesLineFeed ? .all : .allButLineFeed)
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "(": return try group()
        case "[": return set(try bracket())
        case "\\": return try escape()
        case "*", "+", "?": throw PatternError("nothing to repeat before '\(scalar)'")
        case "{" where countAhead(from: place) != nil:
            throw PatternError("nothing to repeat before '{'")
        default: return set(CharacterSet([scalar.value...scalar.value]))
        }
    }

    func set(_ characters: CharacterSet) -> PatternNode {
        .set(characters, ignoringCase: flags.ignoresCase)
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        let outer = flags
        if accept("?") {
            if next == "P" || next == "<" {
                if next == "P" { place += 1 }
                try groupName()
            } else if try groupFlags() {
                return .empty
            }
        }
        // Flags set at the head of a group end with it.
        let node = try choice()
        guard accept(")") else { throw PatternError("a '(' has no ')'") }
        flags = outer
        return node
    }

    private mutating func groupName() throws(PatternError) {
        guard accept("<") else { throw PatternError("malformed group name") }
        var length = 0
        while let scalar = next, CharacterSet.words.contains(scalar.value) {
            place += 1
            length += 1
        }
        guard length > 0, accept(">") else { throw PatternError("malformed group name") }
    }

    /// Reads `i`, `m`, `s` and `U` up to `:` or `)`, and returns whether the group ends there.
    private mutating func groupFlags() throws(PatternError) -> Bool {
        var isSet = true
        while let scalar = next {
            place += 1
            switch scalar {
            case "i": flags.ignoresCase = isSet
            case "m": flags.isMultiline = isSet
            case "s": flags.dotMatchesLineFeed = isSet
            // Preferring short matches does not change whether there is one.
            case "U": break
            case "-" where isSet: isSet = false
            case ":": return false
            case ")": return true
            default: throw PatternError("unsupported group '(?\(scalar)'")
            }
        }
        throw PatternError("a '(' has no ')'")
    }

    private mutating func repeated(_ item: PatternNode) throws(PatternError) -> PatternNode {
        var node = item
        var isRepeated = false
        while let scalar = next {
            let least: Int
            let most: Int?
            switch scalar {
            case "*": (least, most) = (0, nil)
            case "+": (least, most) = (1, nil)
            case "?": (least, most) = (0, 1)
            case "{":
                guard let count = countAhead(from: place + 1) else { return node }
                (least, most) = (count.least, count.most)
                guard least <= PatternParser.maximumCount,
                    (most ?? 0) <= PatternParser.maximumCount, least <= most ?? least
                else { throw PatternError("a count is above 1000 or its bounds are reversed") }
                place = count.end - 1
            default: return node
            }
            guard !isRepeated else { throw PatternError("a repetition of a repetition") }
            place += 1
            _ = accept("?")
            isRepeated = true
            node = .repetition(node, least: least, most: most)
        }
        return node
    }

    /// Reads `n}`, `n,}` or `n,m}` without taking it; nil when the brace is an ordinary character.
    private func countAhead(from start: Int) -> (least: Int, most: Int?, end: Int)? {
        var reader = self
        reader.place = start
        guard let least = reader.number() else { return nil }
        if reader.accept("}") { return (least, least, reader.place) }
        guard reader.accept(",") else { return nil }
        if reader.accept("}") { return (least, nil, reader.place) }
        guard let most = reader.number(), reader.accept("}") else { return nil }
        return (least, most, reader.place)
    }

    private mutating func number() -> Int? {
        var number: Int?
        while let scalar = next, ("0"..."9").contains(scalar) {
            number = min((number ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
            place += 1
        }
        return number
    }
}
