// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A map of the expression language that keeps the order in which its entries were added.
///
/// Keys are integers, truth values and strings. Integer and unsigned keys of the same value are the
/// same key, and a whole double finds them too.
public struct ValueMap: Sendable, CustomStringConvertible {
    /// The keys, oldest first.
    public private(set) var keys: [Value] = []
    /// The values, in the order of ``keys``.
    public private(set) var values: [Value] = []
    private var places: [MapKey: Int] = [:]

    /// Makes an empty map.
    public init() {}

    /// Makes a map from pairs; nil if a key occurs twice or cannot be a key.
    public init?(uniqueKeysWithValues pairs: some Sequence<(Value, Value)>) {
        for (key, value) in pairs {
            guard key.isMapKey, insert(value, forKey: key) else { return nil }
        }
    }

    /// Makes a map with string keys; of two equal keys the later value stays.
    public init(_ pairs: [(String, Value)]) {
        keys.reserveCapacity(pairs.count)
        values.reserveCapacity(pairs.count)
        for (key, value) in pairs { self[key] = value }
    }

    /// The number of entries.
    public var count: Int { keys.count }

    /// Whether the map has no entry.
    public var isEmpty: Bool { keys.isEmpty }

    /// The value of a key of any type, nil when absent.
    public subscript(key: Value) -> Value? {
        guard let key = MapKey(key), let place = places[key] else { return nil }
        return values[place]
    }

    /// The value of a string key; setting nil removes the entry.
    public subscript(key: String) -> Value? {
        get { places[.string(key)].map { values[$0] } }
        set {
            guard let newValue else { return remove(key) }
            guard let place = places[.string(key)] else {
                insert(newValue, forKey: .string(key))
                return
            }
            values[place] = newValue
        }
    }

    /// Adds an entry, and returns whether the key was new; an old entry stays as it is.
    @discardableResult
    mutating func insert(_ value: Value, forKey key: Value) -> Bool {
        guard let place = MapKey(key), places[place] == nil else { return false }
        places[place] = keys.count
        keys.append(key)
        values.append(value)
        return true
    }

    private mutating func remove(_ key: String) {
        guard let place = places.removeValue(forKey: .string(key)) else { return }
        keys.remove(at: place)
        values.remove(at: place)
        for later in place..<keys.count {
            if let key = MapKey(keys[later]) { places[key] = later }
        }
    }

    /// Tells whether two maps have the same keys with equal values, in the language's sense.
    func equals(_ other: ValueMap) -> Bool {
        guard count == other.count else { return false }
        return zip(keys, values).allSatisfy { key, value in other[key]?.equals(value) ?? false }
    }

    /// The map in the form of a literal.
    public var description: String { Value.map(self).description }
}

extension ValueMap: Hashable {
    /// Tells whether two maps have the same entries, whatever their order.
    public static func == (left: ValueMap, right: ValueMap) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left.keys, left.values).allSatisfy { key, value in
            guard let key = MapKey(key), let place = right.places[key] else { return false }
            return right.values[place] == value
        }
    }

    /// Feeds the entries to the hasher, independent of their order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(Set(places.keys))
    }
}

extension ValueMap: ExpressibleByDictionaryLiteral {
    /// Makes a map with string keys; of two equal keys the later value stays.
    public init(dictionaryLiteral elements: (String, Value)...) {
        self.init(elements)
    }
}
