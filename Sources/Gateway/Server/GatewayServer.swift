// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Processes
public import Trading

/// The gateway's single thread: the supervisor speaks over control lines, clients over connections
/// that the supervisor hands in.
///
/// Nothing waits for a slow peer. The supervisor's lines come before those of clients, and those in
/// the order in which their connections were handed in.
public final class GatewayServer {
    var service: GatewayService
    private let limits: ServerLimits
    let log: (String, ClientRole?) -> Void
    let alarms: GatewayAlarms?
    /// The number of the next connection; an executor with a lower one than the last is fenced off.
    private var nextNumber = 1
    private var newestExecutor = 0
    private var control: Connection
    private var door: Int32?
    private var clients: [Connection] = []
    private var isEnded = false

    /// Creates a server over descriptors that stay the caller's, such as 0, 1 and 3.
    ///
    /// The log gets one constant sentence per client that is refused or dropped, with its role.
    public init(
        service: GatewayService,
        input: Int32,
        output: Int32,
        door: Int32?,
        limits: ServerLimits = ServerLimits(),
        alarms: GatewayAlarms? = nil,
        log: @escaping (String, ClientRole?) -> Void = { _, _ in }
    ) {
        self.service = service
        self.limits = limits
        self.log = log
        self.alarms = alarms
        self.door = door
        control = Connection(
            input: input,
            output: output,
            role: .supervisor,
            lineBytes: limits.lineBytes
        )
    }

    deinit {
        for client in clients { close(client.input) }
    }

    /// Serves until the control input ends; then every client is closed.
    ///
    /// Makes the control descriptors non-blocking and has the process ignore broken pipes.
    /// - Throws: A ``GatewayError`` with code `connection` when polling fails, or when the
    ///   supervisor sends an overlong line or lets replies pile up.
    public func run() throws(GatewayError) {
        _ = signal(SIGPIPE, SIG_IGN)
        Self.makeNonBlocking(control.input)
        Self.makeNonBlocking(control.output)
        awaitBroker()
        while try turn(waitingMilliseconds: patience) {}
        closeClients()
    }

    /// Waits once for anything and serves it; false when the control input has ended.
    package func turn(waitingMilliseconds: Int32) throws(GatewayError) -> Bool {
        var entries = watchList()
        let ready = poll(&entries, nfds_t(entries.count), waitingMilliseconds)
        guard ready >= 0 || errno == EINTR else {
            throw Self.failure("polling stopped: \(String(cString: strerror(errno)))")
        }
        let isReady = entries.map { $0.revents != 0 }
        // A halt comes before everything else that has arrived with it.
        heedAlarms(isReady[3] || isReady[4])
        if let clock = alarms?.clock { service.attendBroker(at: clock.now()) }
        guard ready > 0 else { return !isEnded }
        if isReady[0] { isEnded = control.receive() == .end }
        try serveControl()
        // Clients first and the door after them, so that places in the list still agree.
        serveClients(isReady.dropFirst(6))
        if isReady[2] { admitClients() }
        return !isEnded
    }

    private func watchList() -> [pollfd] {
        let readable = Int16(POLLIN)
        let writable = Int16(POLLOUT)
        var entries = [
            pollfd(fd: control.input, events: readable, revents: 0),
            // poll passes over entries with a negative descriptor.
            pollfd(
                fd: control.waitingBytes > 0 ? control.output : -1,
                events: writable,
                revents: 0
            ),
            pollfd(fd: door ?? -1, events: readable, revents: 0),
            pollfd(fd: alarms?.signal?.descriptor ?? -1, events: readable, revents: 0),
            pollfd(fd: alarms?.doorbell?.descriptor ?? -1, events: readable, revents: 0),
            pollfd(fd: service.brokerDescriptor, events: readable, revents: 0),
        ]
        for client in clients {
            let events = client.waitingBytes > 0 ? readable | writable : readable
            entries.append(pollfd(fd: client.input, events: events, revents: 0))
        }
        return entries
    }

    private func serveControl() throws(GatewayError) {
        while !control.splitter.isOverlong, let line = control.takeLine() {
            control.enqueue(answer(line, .supervisor))
        }
        guard !control.splitter.isOverlong else {
            throw Self.failure("the supervisor sent a line beyond \(limits.lineBytes) bytes")
        }
        if !control.flush() { isEnded = true }
        guard control.waitingBytes <= limits.outputBytes else {
            throw Self.failure("the supervisor does not read its replies")
        }
    }

    private func serveClients(_ isReady: ArraySlice<Bool>) {
        var kept: [Connection] = []
        for (var client, isReady) in zip(clients, isReady) {
            guard isReady else {
                kept.append(client)
                continue
            }
            if let complaint = serve(&client) {
                if !complaint.isEmpty { log(complaint, client.role) }
                close(client.input)
                alarms?.left(client)
            } else {
                kept.append(client)
            }
        }
        clients = kept
    }

    /// Serves one client; returns why it is to be dropped, empty when it left by itself.
    private func serve(_ client: inout Connection) -> String? {
        let arrival = client.receive()
        let isFenced = client.role == .executor && client.number < newestExecutor
        while !client.splitter.isOverlong, let line = client.takeLine() {
            if alarms?.takeBeat(line, client) == true { continue }
            client.enqueue(answer(line, client.role, isFenced: isFenced))
            if client.waitingBytes > limits.outputBytes, client.flush(),
                client.waitingBytes > limits.outputBytes
            {
                return "dropped a client that does not read its replies"
            }
        }
        if client.splitter.isOverlong { return "dropped a client that sent an overlong line" }
        return client.flush() && arrival != .end ? nil : ""
    }

    private func admitClients() {
        while let open = door {
            switch Door.receive(from: open) {
            case .nothing: return
            case .end: door = nil
            case .refused(let reason): log("refused a client: \(reason)", nil)
            case .client(let descriptor, let role): admit(descriptor, role)
            }
        }
    }

    private func admit(_ descriptor: Int32, _ role: ClientRole) {
        guard clients.count < limits.clients else {
            log("refused a client: there are too many", role)
            close(descriptor)
            return
        }
        Self.makeNonBlocking(descriptor)
        let client = Connection(
            input: descriptor,
            output: descriptor,
            role: role,
            number: nextNumber,
            lineBytes: limits.lineBytes
        )
        if role == .executor { newestExecutor = nextNumber }
        nextNumber += 1
        clients.append(client)
        alarms?.arrived(client)
    }

    private func answer(
        _ line: [UInt8],
        _ role: ClientRole,
        isFenced: Bool = false
    ) -> [UInt8] {
        do throws(JSONError) {
            let request = try JSON(parsing: line)
            return service.handle(request: request, from: role, isFenced: isFenced).compactBytes
        } catch {
            return GatewayService.replyToUnreadable(error).compactBytes
        }
    }

    private func closeClients() {
        for client in clients { close(client.input) }
        clients = []
    }

    private static func makeNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    private static func failure(_ reason: String) -> GatewayError {
        GatewayError(.connection, "serve the gateway's connections", reason)
    }
}
