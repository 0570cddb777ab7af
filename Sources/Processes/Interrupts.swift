// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

/// Catches SIGINT and SIGTERM for the whole program.
///
/// The first asks for a graceful end: `isRequested` turns true and `descriptor` becomes readable.
/// The second ends the program at once with 128 plus the signal's number, and the kernel kills
/// its children.
public struct Interrupts: Sendable {
    /// Becomes readable at the first interrupt and stays so until `acknowledge`.
    public let descriptor: Int32

    private static let shared: Result<Interrupts, ProcessError> = {
        do throws(ProcessError) {
            return .success(try catchSignals())
        } catch {
            return .failure(error)
        }
    }()

    /// Begins to catch interrupts and to ignore SIGPIPE; further calls change nothing.
    ///
    /// - Throws: `resourceLimit` when no more descriptors can be opened.
    public static func install() throws(ProcessError) -> Interrupts {
        try shared.get()
    }

    /// Whether an interrupt has come.
    public var isRequested: Bool {
        desk_interrupt_count() > 0
    }

    /// Empties the descriptor, so that waiting on it works again while the program winds down.
    public func acknowledge() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }

    private static func catchSignals() throws(ProcessError) -> Interrupts {
        _ = BrokenPipes.areIgnored
        let pipe = try DescriptorPair.makePipe()
        try pipe.first.makeNonBlocking()
        try pipe.second.makeNonBlocking()
        // Both ends live as long as the program, because a signal may come at any time.
        let readEnd = pipe.first.release()
        let number = desk_catch_interrupts(pipe.second.release())
        guard number == 0 else {
            throw ProcessError("catch", "interrupts", errorNumber: number)
        }
        return Interrupts(descriptor: readEnd)
    }
}
