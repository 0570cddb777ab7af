// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One line of a batch: an expression and what its names stand for.
struct BatchLine {
    private(set) var source = ""
    private(set) var bindings: Bindings = [:]

    /// Reads the octets of a range as a line.
    init(_ octets: [UInt8], in range: Range<Int>) throws(BatchError) {
        var reader = TaggedReader(octets, in: range)
        var source: String?
        var bindings: Bindings?
        var container: String?
        do throws(TaggedError) {
            try reader.members { reader, name, start throws(TaggedError) in
                reader.skipBlanks()
                switch name {
                case "expr" where source == nil: source = try reader.text(of: name)
                case "container" where container == nil:
                    container = try reader.takeNull() ? "" : reader.text(of: name)
                case "bindings" where bindings == nil:
                    bindings = try reader.takeNull() ? [:] : Bindings(from: &reader)
                case "expr", "bindings", "container":
                    throw TaggedError("the name '\(name)' is given twice", at: start)
                default: _ = try reader.value()
                }
            }
            reader.skipBlanks()
            guard reader.next == nil else {
                throw TaggedError("unexpected text after the object", at: reader.place)
            }
            guard let source else {
                throw TaggedError("the member 'expr' is missing", at: range.lowerBound)
            }
            self.source = source
            self.bindings = bindings ?? [:]
            self.bindings.container = container ?? ""
        } catch {
            throw .line(error.message, octet: error.place - range.lowerBound + 1)
        }
    }
}

extension TaggedReader {
    /// Takes `null`, which stands for a member that is not there.
    fileprivate mutating func takeNull() throws(TaggedError) -> Bool {
        guard next == UInt8(ascii: "n") else { return false }
        _ = try value()
        return true
    }

    /// Reads the value of a member that must be a string.
    fileprivate mutating func text(of name: String) throws(TaggedError) -> String {
        guard next == UInt8(ascii: "\"") else {
            throw TaggedError("'\(name)' is no string", at: place)
        }
        return try string()
    }
}
