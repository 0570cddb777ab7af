// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The key of a map in a form in which equal numbers of different types coincide.
enum MapKey: Sendable {
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

extension MapKey: Hashable {
    /// Tells whether two keys are the same; texts are compared without normalization.
    static func == (left: MapKey, right: MapKey) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.large(let left), .large(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameOctets(as: right)
        default: false
        }
    }

    /// Feeds the key to the hasher.
    func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let flag): hasher.combine(flag)
        case .int(let number): hasher.combine(number)
        case .large(let number): hasher.combine(number)
        case .string(var text):
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }
}

extension String {
    /// Whether two texts are the same code points; Swift's own equality would normalize them.
    func hasSameOctets(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (left, right) = (self, other)
        return left.withUTF8 { first in
            right.withUTF8 { second in first.elementsEqual(second) }
        }
    }
}
