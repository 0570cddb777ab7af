// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Lines to one descriptor from any number of threads, each line whole.
public final class LineOutput: Sendable {
    private let channel: Mutex<LineChannel>
    let clock: any MonotonicClock

    /// Creates an output over a descriptor that somebody else keeps open, such as 1.
    public init(
        _ descriptor: Int32,
        clock: any MonotonicClock,
        limitBytes: Int = LineChannel.defaultLimitBytes
    ) {
        self.clock = clock
        channel = Mutex(
            LineChannel(
                input: descriptor,
                output: descriptor,
                clock: clock,
                limitBytes: limitBytes
            )
        )
    }

    /// Writes one line and its line feed; a line of another thread comes before it or after it.
    ///
    /// - Throws: as `LineChannel.writeLine`.
    public func writeLine(
        _ line: [UInt8],
        until deadline: MonotonicInstant = .distantFuture
    ) throws(ProcessError) {
        try channel.withLock { (channel) throws(ProcessError) in
            try channel.writeLine(line, until: deadline)
        }
    }
}
