// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The key of a map in a form in which equal numbers of different types coincide.
enum MapKey: Sendable, Hashable {
    case bool(Bool)
    case int(Int64)
    case large(UInt64)
    case string(String)

    /// Makes the key a value looks up; nil when no key can equal it.
    init?(_ value: Value) {
        switch value {
        case .bool(let flag): self = .bool(flag)
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .uint(let number): self.init(number)
        case .double(let number):
            if let whole = Int64(exactly: number) {
                self = .int(whole)
            } else if let whole = UInt64(exactly: number) {
                self = .large(whole)
            } else {
                return nil
            }
        default: return nil
        }
    }

    private init(_ number: UInt64) {
        if let small = Int64(exactly: number) {
            self = .int(small)
        } else {
            self = .large(number)
        }
    }
}
