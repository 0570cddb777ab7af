// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

/// Several descriptors that can be waited for as one.
///
/// Wraps epoll(7): ``descriptor`` is readable while one of those in the set is.
public final class WakeSet {
    private let queue: Descriptor

    /// Makes an empty set.
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public init() throws(ProcessError) {
        var number: Int32 = -1
        let failure = desk_wake_set(&number)
        guard failure == 0 else {
            throw ProcessError("make", "a wake set", errorNumber: failure)
        }
        queue = Descriptor(adopting: number)
    }

    /// Readable while one of the set's descriptors is.
    public var descriptor: Int32 { queue.number }

    /// Adds a descriptor, which must stay open as long as the set is used.
    /// - Throws: `systemCall` when it cannot be waited for.
    public func add(_ descriptor: Int32) throws(ProcessError) {
        let failure = desk_wake_set_add(queue.number, descriptor)
        guard failure == 0 else {
            throw ProcessError("wait for", "descriptor \(descriptor)", errorNumber: failure)
        }
    }

    /// The descriptors that are readable now, in the order in which the kernel names them.
    public var ready: [Int32] {
        var numbers = [Int32](repeating: -1, count: 16)
        let count = desk_wake_set_ready(queue.number, &numbers, Int32(numbers.count))
        return Array(numbers[..<Int(count)])
    }
}
