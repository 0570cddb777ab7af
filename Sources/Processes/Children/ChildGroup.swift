// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Waits for several children at once.
public enum ChildGroup {
    /// Waits until at least one child has something to report, or the deadline passes.
    ///
    /// Events come by position of the child, and for each child in the order in which they
    /// happened. Lines of standard error go to the sinks of their commands and are no events. What
    /// is ready is reported even when the deadline has passed. Empty at once when
    /// no child can report anything any more; one that was terminated reports nothing.
    ///
    /// - Parameters:
    ///   - children: the children; a position in this list names the child in an event.
    ///   - deadline: when to give up with `timedOut`.
    ///   - clock: the clock of the deadline.
    ///   - wake: a further descriptor that ends the wait with `interrupted` when it is readable.
    /// - Returns: one event or more, unless no child is left.
    /// - Throws: `systemCall` when waiting itself fails, `notReaped` when a child cannot be.
    public static func wait(
        for children: [Child],
        until deadline: MonotonicInstant,
        clock: any MonotonicClock,
        wake: Int32? = nil
    ) throws(ProcessError) -> [ChildEvent] {
        var events = [ChildEvent]()
        for (index, child) in children.enumerated() where child.reaped == nil {
            child.report(as: index, into: &events)
        }
        var entries = [pollfd]()
        while events.isEmpty {
            guard collectEntries(of: children, into: &entries) else { return [] }
            if let wake { entries.append(entry(wake)) }
            guard try Readiness.wait(&entries, until: deadline, clock: clock) else {
                return [.timedOut]
            }
            for (index, child) in children.enumerated() where child.reaped == nil {
                let hasOutput = entries[3 * index].revents != 0
                let hasEnded = entries[3 * index + 1].revents != 0
                if entries[3 * index + 2].revents != 0 { child.errors?.drain() }
                try take(child, index, hasOutput: hasOutput, hasEnded: hasEnded, into: &events)
            }
            if wake != nil, entries[3 * children.count].revents != 0 {
                events.append(.interrupted)
            }
            // Errors are no event, and must not keep the deadline away.
            if events.isEmpty, deadline <= clock.now() { return [.timedOut] }
        }
        return events
    }

    private static func take(
        _ child: Child,
        _ index: Int,
        hasOutput: Bool,
        hasEnded: Bool,
        into events: inout [ChildEvent]
    ) throws(ProcessError) {
        if hasEnded {
            try child.settle(as: index, into: &events)
        } else if hasOutput {
            do throws(ProcessError) {
                try child.takeIn()
            } catch {
                child.failReading(error)
            }
            child.report(as: index, into: &events)
        }
    }

    /// Lists three entries for each child, output, process and errors; false when all are reaped.
    ///
    /// A negative descriptor is one that poll passes over.
    private static func collectEntries(of children: [Child], into entries: inout [pollfd]) -> Bool {
        entries.removeAll(keepingCapacity: true)
        var isAnyLeft = false
        for child in children {
            let isOver = child.reaped != nil
            entries.append(entry(isOver ? -1 : child.outputNumber))
            entries.append(entry(isOver ? -1 : child.process.number))
            entries.append(isOver ? entry(-1) : child.errorEntry)
            isAnyLeft = isAnyLeft || !isOver
        }
        return isAnyLeft
    }

    private static func entry(_ number: Int32) -> pollfd {
        pollfd(fd: number, events: Readiness.readable, revents: 0)
    }
}

extension Child {
    /// The descriptor of the output, or -1 once it is closed.
    fileprivate var outputNumber: Int32 {
        output?.number ?? -1
    }
}
