// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Egress
import HTTP
import Synchronization
import TestSupport
import Testing

/// A way out of one agent, and servers at its other side.
final class TestExit: Sendable {
    static let secret = "canary-0123456789abcdef"
    static let configuration = """
        hosts: ["api.example.com", "*.example.org", "api.example.com:80", "127.0.0.2"]
        credentials:
          model:
            url: https://model.example.com/base
            header: x-api-key
            prefix: "Key "
            secret: env:MODEL_KEY
          local:
            url: http://127.0.0.1:9000/v1
            header: authorization
            prefix: "Bearer "
            secret: env:LOCAL_KEY
        """

    let port: Int
    private let service: EgressService
    private let door: EgressDoor

    private struct FixedClock: WallClock {
        func now() -> Instant { Instant(secondsSinceEpoch: 1_795_186_800) }
    }

    /// Names and their addresses.
    struct FixedResolver: HostResolver {
        let names: [String: [String]]

        func addresses(of host: String) -> [IPAddress] {
            IPAddress(host).map { [$0] } ?? (names[host] ?? []).compactMap { IPAddress($0) }
        }
    }

    init(
        _ configuration: String = TestExit.configuration,
        server: ScriptedServer? = nil,
        reaching servers: [Int: ScriptedServer] = [:],
        limits: EgressLimits = EgressLimits(),
        names: [String: [String]] = [:],
        known: [String] = [],
        closedReason: String? = nil,
        listener: Int32? = nil
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        var settings = HTTPSettings()
        settings.known = known
        settings.dial = { address, port in
            (servers[port] ?? server)?.dial("\(address):\(port)")
        }
        let egress = try EgressConfiguration(parsing: configuration)
        let log = SharedLog()
        service = EgressService(
            limits: limits,
            resolver: FixedResolver(names: names),
            wall: FixedClock(),
            now: { start.duration(to: clock.now) },
            settings: settings,
            closedReason: closedReason,
            tell: { log.note($0) }
        )
        self.shared = log
        let own = LocalListener(kind: .loopback)
        port = own.port
        door = try service.open(
            listener ?? own.duplicate(),
            for: try #require(AgentName("researcher")),
            egress,
            secrets: closedReason == nil
                ? Dictionary(uniqueKeysWithValues: egress.routes.map { ($0.name, Self.secret) })
                : [:]
        )
    }

    private let shared: SharedLog

    /// What was told so far.
    var events: [EgressEvent] { shared.all }

    /// What was told, once there is that much.
    func events(_ count: Int) async throws -> [EgressEvent] {
        _ = try await eventually { shared.all.count >= count }
        return shared.all
    }

    deinit {
        door.stop()
        service.shutDown()
    }

    func stop() { door.stop() }

    func caller() throws -> Peer { try Peer(port: port) }

    /// The whole answer to one request.
    func answer(_ request: String) throws -> String {
        let caller = try caller()
        caller.say(request)
        return caller.hearAll()
    }

    func get(_ target: String, headers: String = "") throws -> String {
        try answer("GET \(target) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n")
    }
}

/// Events from any thread.
final class SharedLog: Sendable {
    private let events = Mutex<[EgressEvent]>([])

    var all: [EgressEvent] { events.withLock { $0 } }

    func note(_ event: EgressEvent) { events.withLock { $0.append(event) } }
}

/// The status of the first answer in a text; 0 when there is none.
func status(_ answer: String) -> Int {
    Int(answer.dropFirst(9).prefix(3)) ?? 0
}
