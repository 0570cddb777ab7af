// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels

/// One field of a series of bars: an array, or memory that somebody else owns, such as a mapped
/// file, used where it lies.
public struct BarColumn<Element: BitwiseCopyable & Sendable & Hashable>: Sendable {
    private enum Storage: Sendable {
        case owned([Element])
        case borrowed(Borrowed)
    }

    /// Memory that stays valid and unchanged as long as its owner lives.
    private struct Borrowed: @unchecked Sendable {
        let owner: any AnyObject & Sendable
        let elements: UnsafeBufferPointer<Element>
    }

    private var storage: Storage

    /// Creates a column of an array.
    public init(_ elements: [Element] = []) {
        storage = .owned(elements)
    }

    /// Creates a column over memory that its owner keeps valid and unchanged while it lives.
    public init(
        borrowing elements: UnsafeBufferPointer<Element>,
        from owner: any AnyObject & Sendable
    ) {
        storage = .borrowed(Borrowed(owner: owner, elements: elements))
    }

    /// The elements as an array; copied when the memory is somebody else's.
    public var array: [Element] {
        switch storage {
        case .owned(let array): array
        case .borrowed: withUnsafeBufferPointer { Self.copy($0) }
        }
    }

    private static func copy(_ elements: UnsafeBufferPointer<Element>) -> [Element] {
        [Element](unsafeUninitializedCapacity: elements.count) { buffer, filled in
            desk_prefer_large_pages(
                buffer.baseAddress,
                elements.count * MemoryLayout<Element>.stride
            )
            _ = buffer.initialize(from: elements)
            filled = elements.count
        }
    }

    /// Whether an array is the memory of this column.
    func isSame(as array: [Element]) -> Bool {
        guard case .owned(let own) = storage else { return false }
        return own.withUnsafeBufferPointer { own in
            array.withUnsafeBufferPointer {
                own.baseAddress == $0.baseAddress && own.count == $0.count
            }
        }
    }

    /// Gives access to the elements where they lie.
    public func withUnsafeBufferPointer<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch storage {
        case .owned(let array):
            return try array.withUnsafeBufferPointer(body)
        case .borrowed(let borrowed):
            defer { withExtendedLifetime(borrowed.owner) {} }
            return try body(borrowed.elements)
        }
    }

    /// Adds an element; a column that borrows becomes an array of its own.
    public mutating func append(_ element: Element) {
        switch storage {
        case .owned(var array):
            // The array is moved out, so that appending does not copy it.
            storage = .owned([])
            array.append(element)
            storage = .owned(array)
        case .borrowed:
            storage = .owned(array + [element])
        }
    }
}

extension BarColumn: RandomAccessCollection {
    /// The first index, always 0.
    public var startIndex: Int { 0 }

    /// The number of elements.
    public var endIndex: Int {
        switch storage {
        case .owned(let array): array.count
        case .borrowed(let borrowed): borrowed.elements.count
        }
    }

    /// The element at an index.
    public subscript(index: Int) -> Element {
        switch storage {
        case .owned(let array): return array[index]
        case .borrowed(let borrowed):
            precondition(borrowed.elements.indices.contains(index), "the index is in range")
            return borrowed.elements[index]
        }
    }
}

extension BarColumn: Hashable {
    /// Tells whether two columns have the same elements, wherever these lie.
    public static func == (left: BarColumn, right: BarColumn) -> Bool {
        left.elementsEqual(right)
    }

    /// Feeds the elements to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for element in self { hasher.combine(element) }
    }
}

extension BarColumn: ExpressibleByArrayLiteral {
    /// Creates a column of the elements listed.
    public init(arrayLiteral elements: Element...) {
        self.init(elements)
    }
}
