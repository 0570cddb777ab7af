// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// The gateway's process: asked over its pipe, given clients by descriptor, started again when it
/// dies.
///
/// Every request is safe to repeat, because the gateway settles an instant once and knows orders by
/// their ids.
final class GatewayProcess {
    private let command: (Int32) -> ChildCommand
    private let clock: any MonotonicClock
    private let wake: Int32?
    private var child: Child?
    private var passage: Socket?
    private var requests = 0
    /// How often the gateway has been started; a client of an earlier life holds a dead socket.
    private(set) var generation = 0

    /// How long a request is tried.
    struct Limits {
        /// How often it is tried on a new process before the request fails.
        let lives: Int
        /// How long one answer may take.
        let patience: Duration

        /// A replay ends when a request fails.
        static let replay = Limits(lives: 20, patience: .seconds(60))
        /// A live desk tries again later, and must not stand still for long.
        static let live = Limits(lives: 2, patience: .seconds(20))
    }

    private let limits: Limits

    /// How often a gateway that does not answer is looked at.
    static let glance: Duration = .seconds(1)

    /// One end of a pair of sockets, closed when nobody holds it any more.
    final class Socket {
        let descriptor: Descriptor

        init(_ descriptor: consuming Descriptor) {
            self.descriptor = descriptor
        }
    }

    init(
        command: @escaping (Int32) -> ChildCommand,
        clock: any MonotonicClock,
        wake: Int32?,
        limits: Limits = .replay
    ) {
        self.limits = limits
        self.command = command
        self.clock = clock
        self.wake = wake
    }

    /// The gateway of a live desk: a request in flight is not cut short by a request to stop.
    convenience init(
        liveWith command: @escaping (Int32) -> ChildCommand,
        clock: any MonotonicClock
    ) {
        self.init(command: command, clock: clock, wake: nil, limits: .live)
    }

    /// Sends a request and waits for its result, starting the gateway when it is not running.
    /// - Throws: A ``SupervisorError``: `gateway` when it says error or dies again and again,
    ///   `interrupted` when a person asks to stop.
    func ask(_ method: String, _ parameters: JSON) throws -> JSON {
        var reason = "it did not start"
        for _ in 0..<limits.lives {
            do {
                try start()
                return try exchange(method, parameters)
            } catch let error as ProcessError {
                reason = error.description
                kill()
            }
        }
        throw SupervisorError(
            .gateway,
            "the gateway does not stay alive: \(reason)",
            hint: "read .loopdesk/logs/gateway.log"
        )
    }

    /// Makes a connection to the gateway for a client.
    /// - Returns: The client's end; it may be closed here once the client has inherited it.
    func connect(role: String) throws -> Socket {
        do {
            return try connectOnce(role: role)
        } catch is ProcessError {
            // It has died since it was asked last.
            kill()
            return try connectOnce(role: role)
        }
    }

    private func connectOnce(role: String) throws -> Socket {
        try start()
        let pair = try DescriptorPair.makeSocketPair(kind: .stream)
        let line = (["role": .string(role)] as JSON).compactBytes
        guard let passage else {
            throw SupervisorError(.gateway, "the gateway has no passage for clients")
        }
        try passage.descriptor.sendDescriptor(
            pair.second,
            payload: line,
            until: clock.deadline(in: limits.patience),
            clock: clock
        )
        return Socket(pair.first)
    }

    /// Ends a gateway that a signal has stopped, so that the next request starts another.
    func endIfStopped() {
        if let child, child.isStopped { kill() }
    }

    /// Ends the gateway gently.
    func stop() {
        // The ledger is safe at any moment, so how the process ends does not matter.
        _ = try? child?.terminate()
        child = nil
        passage = nil
    }

    /// Ends the gateway at once.
    func kill() {
        // As for stop.
        _ = try? child?.terminate(steps: [])
        child = nil
        passage = nil
    }

    private func start() throws(ProcessError) {
        guard child == nil else { return }
        let pair = try DescriptorPair.makeSocketPair(kind: .sequencedPackets)
        child = try Child.start(command(pair.second.number), clock: clock)
        passage = Socket(pair.first)
        generation += 1
    }

    /// Whether an answer is the error for a ledger that could not be written, which
    /// `GatewayFault.notRecorded` of the other side has as its number.
    private static func isStorageError(_ line: [UInt8]) -> Bool {
        // An answer that is no JSON is an error of another kind.
        (try? JSON(parsing: line))?["error"]?["code"]?.intValue == -32010
    }

    private func exchange(_ method: String, _ parameters: JSON) throws -> JSON {
        guard let child else { throw SupervisorError(.gateway, "the gateway is not running") }
        requests += 1
        let deadline = clock.deadline(in: limits.patience)
        try child.send(
            line: TurnContract.request(id: requests, method: method, parameters: parameters),
            until: deadline
        )
        var events = [ChildEvent.timedOut]
        while events == [.timedOut], clock.now() < deadline, !child.isStopped {
            let moment = min(deadline, clock.deadline(in: Self.glance))
            events = try ChildGroup.wait(for: [child], until: moment, clock: clock, wake: wake)
        }
        switch events.first {
        case .line(_, let line):
            do {
                return try TurnContract.result(of: line, id: requests, from: "gateway")
            } catch {
                throw SupervisorError(
                    Self.isStorageError(line) ? .storage : .gateway,
                    "\(method): \(error)"
                )
            }
        case .interrupted:
            throw SupervisorError(.interrupted, "stopped by a signal")
        default:
            throw ProcessError(
                code: .outputClosed,
                operation: "read the answer to \(method) from",
                subject: "the gateway",
                hint: "see its log"
            )
        }
    }
}
