// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A reader of one object's members that says exactly which member is wrong and why.
public struct JSONFields: Sendable {
    /// Where the object stands, such as `strategy.exit`, for messages.
    public let path: String
    private let members: [JSON.Member]
    /// The same by name when there are many, so that looking one up takes no time either.
    private let index: [String: JSON]?

    private static let few = 16

    /// Opens an object.
    /// - Throws: A ``JSONError`` when the value is no object.
    public init(_ value: JSON, path: String) throws(JSONError) {
        guard case .object(let list) = value else {
            throw JSONError("\(path): expected an object, found \(value.kind)")
        }
        self.path = path
        members = list
        index =
            list.count > Self.few
            ? Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first } : nil
    }

    /// The names that are present, sorted.
    public var names: [String] { members.map(\.name).sorted() }

    /// The raw value of a member; nil when absent or null.
    public func optional(_ name: String) -> JSON? {
        let found = index.map { $0[name] } ?? members.first { $0.name == name }?.value
        return found.flatMap { $0 == .null ? nil : $0 }
    }

    /// The raw value of a member that must be there.
    /// - Throws: A ``JSONError`` when it is absent or null.
    public func required(_ name: String) throws(JSONError) -> JSON {
        guard let value = optional(name) else { throw JSONError("\(path): '\(name)' is missing") }
        return value
    }

    /// A text that must be there.
    /// - Throws: A ``JSONError`` when it is absent or of another kind.
    public func string(_ name: String) throws(JSONError) -> String {
        try typed(name, "a text") { $0.stringValue }
    }

    /// A number that must be there.
    /// - Throws: A ``JSONError`` when it is absent or of another kind.
    public func double(_ name: String) throws(JSONError) -> Double {
        try typed(name, "a number") { $0.doubleValue }
    }

    /// A whole number that must be there.
    /// - Throws: A ``JSONError`` when it is absent or of another kind.
    public func int(_ name: String) throws(JSONError) -> Int {
        try typed(name, "a whole number") { $0.intValue }
    }

    /// A truth value that must be there.
    /// - Throws: A ``JSONError`` when it is absent or of another kind.
    public func bool(_ name: String) throws(JSONError) -> Bool {
        try typed(name, "true or false") { $0.boolValue }
    }

    /// A list that must be there.
    /// - Throws: A ``JSONError`` when it is absent or of another kind.
    public func array(_ name: String) throws(JSONError) -> [JSON] {
        try typed(name, "a list") { $0.arrayValue }
    }

    /// A list of texts that must be there.
    /// - Throws: A ``JSONError`` when it is absent or holds anything else.
    public func strings(_ name: String) throws(JSONError) -> [String] {
        var texts: [String] = []
        for (index, element) in try array(name).enumerated() {
            guard let text = element.stringValue else {
                throw JSONError(
                    "\(path).\(name)[\(index)]: expected a text, found \(element.kind)"
                )
            }
            texts.append(text)
        }
        return texts
    }

    /// An object that must be there.
    /// - Throws: A ``JSONError`` when it is absent or of another kind.
    public func object(_ name: String) throws(JSONError) -> JSONFields {
        try JSONFields(try required(name), path: "\(path).\(name)")
    }

    /// An exact decimal, written as a text such as `"12.5"` so that no reader rounds it.
    /// - Throws: A ``JSONError`` when it is absent or is no decimal.
    public func decimal(_ name: String) throws(JSONError) -> Decimal8 {
        try typed(name, "a decimal in quotes, such as \"12.5\"") {
            $0.stringValue.flatMap { Decimal8($0) }
        }
    }

    /// An instant in RFC 3339.
    /// - Throws: A ``JSONError`` when it is absent or is no instant.
    public func instant(_ name: String) throws(JSONError) -> Instant {
        try typed(name, "a time such as \"2000-03-01T21:00:00Z\"") {
            $0.stringValue.flatMap { Instant($0) }
        }
    }

    /// A content hash.
    /// - Throws: A ``JSONError`` when it is absent or is no SHA-256 in hexadecimal.
    public func hash(_ name: String) throws(JSONError) -> ContentHash {
        try typed(name, "a SHA-256 in hexadecimal") {
            $0.stringValue.flatMap { ContentHash(hex: $0) }
        }
    }

    /// Refuses members other than the named ones.
    /// - Throws: A ``JSONError`` that lists what is allowed, the nearest first.
    public func allowOnly(_ allowed: [String]) throws(JSONError) {
        for name in names where !allowed.contains(name) {
            let near = NearestName(to: name, among: allowed).name
            let meant = near.map { " did you mean '\($0)'?" } ?? ""
            throw JSONError(
                "\(path): unknown member '\(name)';\(meant) allowed are "
                    + allowed.joined(separator: ", ")
            )
        }
    }

    private func typed<Result>(
        _ name: String,
        _ expectation: String,
        _ convert: (JSON) -> Result?
    ) throws(JSONError) -> Result {
        let value = try required(name)
        guard let result = convert(value) else {
            let found = value.stringValue.map { "the text '\($0.prefix(40))'" } ?? value.kind
            throw JSONError("\(path).\(name): expected \(expectation), found \(found)")
        }
        return result
    }
}
