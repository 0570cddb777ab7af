// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Bindings {
    /// Reads the members of a JSON object as names and their values.
    ///
    /// Plain JSON becomes `null`, `bool`, `int` (whole numbers that fit 64 bits), `double`,
    /// `string`, `list` and `map`. An object with a single name that is a type's tag and a payload
    /// of that tag's form stands for a value of that type, as ``Value/appendTagged(to:)`` writes
    /// it; for `int`, `uint` and `double` a plain number is taken as well. Any other object is a
    /// map, also one whose single name is a tag with a payload that does not fit.
    ///
    /// - Throws: ``ExpressionError`` with code `malformedInput`, line and column for what is no
    ///   JSON object, names a member twice, holds a lone surrogate or octets that are not UTF-8,
    ///   or nests deeper than 128 levels.
    public init(json octets: [UInt8]) throws(ExpressionError) {
        var reader = TaggedReader(octets, in: 0..<octets.count)
        do throws(TaggedError) {
            self = try Bindings(from: &reader)
            reader.skipBlanks()
            guard reader.next == nil else {
                throw TaggedError("unexpected text after the object", at: reader.place)
            }
        } catch {
            var lexer = Lexer(octets: octets)
            lexer.place = min(error.place, octets.count)
            throw ExpressionError(.malformedInput, error.message, at: lexer.currentSite())
        }
    }

    init(from reader: inout TaggedReader) throws(TaggedError) {
        var bindings = Bindings()
        try reader.members { reader, name, start throws(TaggedError) in
            guard bindings[name] == nil else {
                throw TaggedError("the name '\(name)' is given twice", at: start)
            }
            bindings[name] = try reader.value()
        }
        self = bindings
    }
}
