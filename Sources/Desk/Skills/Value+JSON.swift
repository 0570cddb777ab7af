// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Expressions

extension Value {
    /// The value of the language that stands for a JSON value: whole numbers become `int`.
    public init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map { Value($0) })
        case .object(let members):
            self = .map(ValueMap(members.map { ($0.name, Value($0.value)) }))
        }
    }
}

extension JSON {
    /// The JSON value that shows a value of the language; what JSON lacks becomes its text.
    public init(_ value: Expressions.Value) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number) where number.isFinite: self = .double(number)
        case .string(let text): self = .string(text)
        case .uint(let number) where number <= UInt64(Int64.max): self = .int(Int64(number))
        case .list(let elements): self = .array(elements.map { JSON($0) })
        case .map(let map) where map.keys.allSatisfy { $0.asString != nil }:
            self = .object(
                zip(map.keys, map.values).map { .init($0.asString ?? "", JSON($1)) }
            )
        default: self = .string(value.description)
        }
    }
}

extension Bindings {
    /// The members of an object as names.
    public init(_ json: JSON) {
        var values: [String: Value] = [:]
        for member in json.objectValue ?? [] { values[member.name] = Value(member.value) }
        self.init(values)
    }
}
