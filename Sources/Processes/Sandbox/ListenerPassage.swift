// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The way on which the launcher hands over the one listener of a child without a network.
///
/// The socket is made inside the child's own network, so the child reaches it at 127.0.0.1 and
/// nobody else does; a socket stays in the network in which it was made.
public final class ListenerPassage {
    /// The port of the listener.
    public static let port: UInt16 = 3128
    /// The number under which the launcher finds its end; the child itself never has it.
    public static let childDescriptor: Int32 = 4

    private let own: Descriptor
    private var childEnd: Descriptor?

    /// Makes a passage.
    /// - Throws: `resourceLimit` when descriptors have run out.
    public init() throws(ProcessError) {
        let pair = try DescriptorPair.makeSocketPair(kind: .sequencedPackets)
        own = pair.first
        childEnd = .some(pair.second)
    }

    /// What the child has to inherit; nil once the listener has been asked for.
    public var inherited: ChildCommand.Inherited? {
        guard let number = childEnd?.number else { return nil }
        return .init(source: number, target: Self.childDescriptor)
    }

    /// Receives the listener, once, after the child has been started.
    ///
    /// - Returns: The listening socket, not blocking and closed at exec.
    /// - Throws: `timedOut`, or `outputClosed` when the child ended before, which its log explains.
    public func receive(
        until deadline: MonotonicInstant,
        clock: any MonotonicClock
    ) throws(ProcessError) -> Descriptor {
        // Closed here, so that the end of the child's is noticed.
        childEnd = nil
        let received = try own.receiveDescriptor(until: deadline, clock: clock)
        try received.descriptor.makeNonBlocking()
        return received.descriptor
    }
}
