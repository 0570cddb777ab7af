// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension ValueType {
    /// Finds the type of a value, elements included.
    init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool: self = .bool
        case .int: self = .int
        case .uint: self = .uint
        case .double: self = .double
        case .string: self = .string
        case .bytes: self = .bytes
        case .timestamp: self = .timestamp
        case .duration: self = .duration
        case .type: self = .type
        case .list(let elements): self = .list(.covering(elements.map { ValueType($0) }))
        case .map(let map):
            self = .map(
                .covering(map.keys.map { ValueType($0) }),
                .covering(map.values.map { ValueType($0) })
            )
        }
    }

    /// Some value of the type, for messages that are made from values.
    var sample: Value {
        switch self {
        case .dyn, .null, .nothing: .null
        case .bool: .bool(false)
        case .int: .int(0)
        case .uint: .uint(0)
        case .double: .double(0)
        case .string: .string("")
        case .bytes: .bytes([])
        case .timestamp: .timestamp(.epoch)
        case .duration: .duration(TimeSpan(totalNanoseconds: 0))
        case .type: .type("type")
        case .list: .list([])
        case .map: .map(ValueMap())
        }
    }
}
