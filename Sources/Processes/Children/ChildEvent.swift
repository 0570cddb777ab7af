// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Something that happened to a child, named by its position in the list that was waited for.
public enum ChildEvent: Sendable, Equatable {
    /// It wrote a line, given here without the line feed.
    case line(Int, [UInt8])
    /// It ended its output; it may still run. Bytes of an unfinished line are dropped.
    case closedOutput(Int)
    /// It has ended and is reaped, and what was left of its group is killed. Always its last event.
    case exited(Int, ExitStatus)
    /// Its output cannot be read on, for example because a line is too long. It may still run.
    case failed(Int, ProcessError)
    /// The wake descriptor became readable.
    case interrupted
    /// The deadline passed before anything happened.
    case timedOut
}
