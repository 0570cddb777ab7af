// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Makes texts that are nearly expressions, or wholly, or not at all; they depend on the seed only.
struct SourceGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    private mutating func one(of texts: [String]) -> String { texts[below(texts.count)] }

    /// The next text: half are mutated expressions, some are made by the grammar, few are noise.
    mutating func source() -> [UInt8] {
        switch below(10) {
        case 0: (0..<below(40)).map { _ in UInt8(truncatingIfNeeded: next()) }
        case 1...4: Array(expression(depth: 1 + below(5)).utf8)
        default: mutated()
        }
    }

    // MARK: Mutation

    private static let corpus: [[UInt8]] = [
        "sharpe > 1.5 && max_drawdown < 0.10 || !has(m.a)",
        "l.filter(t, t.x < 0).size() <= 3 ? 'a' + \"b\\n\" : r'c'",
        "l.map(x, x.n > 0, x.n * 2).exists_one(y, y in [1, 2u, 3.0])",
        "timestamp('2024-02-29T00:00:00Z').getHours('+01:00') - int('7') % 3",
        "duration('1h30m5s') + duration('-1.5ms') == duration(\"0\")",
        "'abc'.matches('^(a|b+?)*[^c-d]{2,3}\\\\w$') || bytes('é') == b'\\xff'",
        "{'a': 1, 2: [3.5e-3, null]}['a'] == -9223372036854775808",
        "f(close, 20) > f(open, 50) && ((a + 1.0) / b >= 0x1F ? c : d)",
        "string(1.5) + string(type(1u)) + '''x''' // end",
        "[1, 2].all(i, [3].exists(j, i + j > .i)) == dyn(true)",
        "m.transformMap(k, v, k != 'x', v).`a-b`.transformList(i, v, i + v)",
    ].map { Array($0.utf8) }
    private static let pieces = Array("()[]{}.,:?!&|=<>+-*/%'\"\\0129aeux \n_`".utf8)

    private mutating func mutated() -> [UInt8] {
        var octets = Self.corpus[below(Self.corpus.count)]
        for _ in 0..<1 + below(4) {
            guard !octets.isEmpty else { break }
            let place = below(octets.count)
            let piece = Self.pieces[below(Self.pieces.count)]
            switch below(5) {
            case 0: octets[place] = piece
            case 1: octets.insert(piece, at: place)
            case 2: octets.remove(at: place)
            case 3:
                let end = min(octets.count, place + 1 + below(12))
                octets.insert(contentsOf: octets[place..<end], at: place)
            default:
                let other = Self.corpus[below(Self.corpus.count)]
                octets.replaceSubrange(place..., with: other[below(other.count)...])
            }
        }
        return octets
    }

    // MARK: Grammar

    private mutating func expression(depth: Int) -> String {
        guard depth > 0 else { return leaf() }
        let first = expression(depth: depth - 1)
        switch below(9) {
        case 0, 1: return "(\(first) \(binary()) \(expression(depth: depth - 1)))"
        case 2: return "\(one(of: ["!", "-", "--", "!!"]))(\(first))"
        case 3:
            let second = expression(depth: depth - 1)
            return "(\(first) ? \(second) : \(expression(depth: depth - 1)))"
        case 4: return "\(function())(\(first))"
        case 5: return "[\(first), \(expression(depth: depth - 1))]\(one(of: ["", "[0]", "[1u]"]))"
        case 6: return "{\(first): \(expression(depth: depth - 1))}\(one(of: ["", ".a", "['a']"]))"
        case 7: return "(\(first)).\(method())(\(one(of: ["", leaf()])))"
        default:
            let body = expression(depth: depth - 1)
            let kind = one(of: ["all", "exists", "exists_one", "filter", "map"])
            let two = one(of: ["all", "transformList", "transformMap", "existsOne"])
            return below(2) == 0 ? "(\(first)).\(kind)(x, \(body))" : "l.\(two)(i, x, \(body))"
        }
    }

    private mutating func binary() -> String {
        one(of: [
            "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||",
        ])
    }

    private mutating func function() -> String {
        one(of: [
            "int", "uint", "double", "string", "bytes", "bool", "type", "dyn", "size", "timestamp",
            "duration", "has",
        ])
    }

    private mutating func method() -> String {
        one(of: [
            "size", "contains", "startsWith", "endsWith", "matches", "getHours", "getFullYear",
            "getSeconds", "getDayOfWeek",
        ])
    }

    private mutating func leaf() -> String {
        one(of: [
            "0", "1", "-1", "7", "9223372036854775807", "-9223372036854775808", "2u", "0u",
            "18446744073709551615u", "1.5", "-0.0", "1e308", "'a'", "''", "'(a'", "\"é\\n\"",
            "b'a'",
            "true", "false", "null", "[]", "{}", "x", "i", "a", "b", "c", "l", "m", "m.a", "s", "t",
            "p", "int", "timestamp('2024-02-29T12:00:00.5Z')", "duration('-90m')", "'2024'", ".x",
            "l[0].n", "has(m.a)", "sharpe",
        ])
    }
}
