// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Spreads independent pieces of work over the processor's cores.
///
/// Which piece runs when is not determined, so each writes to a place of its own and the caller
/// puts results together in order: the same input then gives the same output on any machine.
public struct Parallel: Sendable {
    /// The most pieces that run at the same time.
    public let width: Int

    /// One piece after another, on the calling thread.
    public static let none = Parallel(width: 1)

    /// As many at a time as there are cores.
    public static let allCores = Parallel(width: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    /// Creates a spreader of a width, at least 1.
    public init(width: Int) {
        precondition(width >= 1, "some thread must do the work")
        self.width = width
    }

    /// Runs the body once for every index below a count, and returns when all have run.
    public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        guard width > 1, count > 1 else {
            for index in 0..<count { body(index) }
            return
        }
        // Each strand takes the next piece as soon as it is done with one, so that no more than
        // `width` ever run at once, and none waits for long when another core is taken away.
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(width, count)) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                body(index)
            }
        }
    }

    /// The results of a function for every index below a count, in order.
    public func map<Result: Sendable>(
        _ count: Int,
        _ transform: @Sendable (Int) -> Result
    ) -> [Result] {
        let slots = Slots<Result>(count: count)
        forEach(count) { slots.set($0, to: transform($0)) }
        return slots.take()
    }
}

/// Room for results, each slot of which is written once and by one thread.
private final class Slots<Element: Sendable>: @unchecked Sendable {
    private let elements: UnsafeMutableBufferPointer<Element?>

    init(count: Int) {
        elements = .allocate(capacity: count)
        elements.initialize(repeating: nil)
    }

    deinit {
        elements.deinitialize()
        elements.deallocate()
    }

    func set(_ index: Int, to element: Element) { elements[index] = element }

    func take() -> [Element] {
        let result = elements.compactMap(\.self)
        precondition(result.count == elements.count, "every slot was written")
        return result
    }
}
