// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

/// A signal that arrives on a descriptor instead of ending the process.
///
/// To be made before any thread is started. Wraps signalfd(2).
public final class SignalBell: Sendable {
    private let queue: Descriptor

    /// Begins to catch SIGUSR1.
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public static func userSignal() throws(ProcessError) -> SignalBell {
        let number = desk_signal_descriptor(SIGUSR1)
        guard number >= 0 else { throw ProcessError("catch", "SIGUSR1", errorNumber: errno) }
        return SignalBell(Descriptor(adopting: number))
    }

    private init(_ queue: consuming Descriptor) {
        self.queue = queue
    }

    /// Becomes readable when the signal comes.
    public var descriptor: Int32 { queue.number }

    /// Whether the signal has come since the last call.
    public func hasRung() -> Bool {
        var found = false
        while desk_take_signal(queue.number) != 0 { found = true }
        return found
    }
}
