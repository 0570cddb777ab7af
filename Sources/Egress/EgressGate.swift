// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import HTTP
import NIOPosix
import Synchronization

/// What all connections of one agent's way out share.
final class EgressGate: Sendable {
    /// What the way out needs from outside.
    struct Surroundings: Sendable {
        let resolver: any HostResolver
        let workers: NIOThreadPool
        let now: @Sendable () -> Duration
        let tell: @Sendable (EgressEvent) -> Void
    }

    private struct State {
        var isStopped = false
        var connections = 0
        var bodyBytes = 0
        var rate: RateWindow
        var port = 0
    }

    let agent: AgentName
    let limits: EgressLimits
    let surroundings: Surroundings
    let client: HTTPClient
    /// What is answered here; nil for nothing.
    let local: LocalRoute?
    private let configuration: EgressConfiguration
    private let secrets: [String: String]
    /// Why everything is refused; nil when it is not.
    private let closedReason: String?
    private let state: Mutex<State>

    init(
        agent: AgentName,
        configuration: EgressConfiguration,
        secrets: [String: String],
        limits: EgressLimits,
        closedReason: String?,
        surroundings: Surroundings,
        client: HTTPClient,
        local: LocalRoute? = nil
    ) {
        self.local = local
        self.agent = agent
        self.configuration = configuration
        self.secrets = secrets
        self.limits = limits
        self.closedReason = closedReason
        self.surroundings = surroundings
        self.client = client
        state = Mutex(State(rate: RateWindow(perMinute: limits.perMinute)))
    }

    /// The port that agents find the way out at; 0 until it is known.
    func isListening(at port: Int) {
        state.withLock { $0.port = port }
    }

    func decide(method: String, target: String) -> EgressRules.Decision {
        if let closedReason { return .refuse(.forbidden(closedReason)) }
        let port = state.withLock { $0.port }
        return EgressRules(configuration: configuration, port: port, localPath: local?.path)
            .decide(method: method, target: target)
    }

    /// Takes in nothing more; false when that has been said before.
    func beginToStop() -> Bool {
        state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
    }

    /// Counts one more connection; the refusal when there is no room for it.
    func admit() -> Refusal? {
        let now = surroundings.now()
        return state.withLock { state in
            guard !state.isStopped else { return .stopping }
            guard state.connections < limits.connections else {
                return Refusal(
                    status: 429,
                    sentence: "\(limits.connections) connections are open already"
                )
            }
            guard state.rate.admit(at: now) else {
                return Refusal(
                    status: 429,
                    sentence: "more than \(limits.perMinute) requests in a minute"
                )
            }
            state.connections += 1
            return nil
        }
    }

    func dismiss() {
        state.withLock { $0.connections -= 1 }
    }

    /// Whether there is room for more bytes of bodies, which are then counted.
    func reserve(_ bytes: Int) -> Bool {
        state.withLock { state in
            guard state.bodyBytes + bytes <= limits.bodyBytes else { return false }
            state.bodyBytes += bytes
            return true
        }
    }

    func unreserve(_ bytes: Int) {
        state.withLock { $0.bodyBytes -= bytes }
    }

    /// The addresses of a host that may be connected to.
    ///
    /// Blocks.
    func addresses(of host: String) throws(Refusal) -> [IPAddress] {
        let found = surroundings.resolver.addresses(of: host)
        guard !found.isEmpty else { throw .badGateway("the name \(host) is not known") }
        let allowed = found.filter(addressRule.allows)
        guard !allowed.isEmpty else {
            throw .forbidden(
                "\(host) leads to a private address; name that address in sandbox.hosts as well"
            )
        }
        return allowed
    }

    /// Public addresses, and those that the configuration spells out.
    private var addressRule: AddressRule {
        let written = configuration.hosts.compactMap { pattern -> IPAddress? in
            if case .address(let text) = pattern.host { IPAddress(text) } else { nil }
        }
        return .publicOr(Set(written + configuration.routes.compactMap { IPAddress($0.host) }))
    }

    /// The request that leaves, with the credential of its route.
    func request(
        _ method: String,
        _ url: String,
        _ headers: [HTTPHeader],
        body: [UInt8],
        route: CredentialRoute?
    ) -> HTTPRequest {
        let passed = PassedHeaders.request(headers, credential: route?.header)
        let hasBody = !body.isEmpty || headers.contains { $0.name == "content-length" }
        return HTTPRequest(
            method,
            url,
            headers: passed,
            credentials: route.map { route in
                [HTTPHeader(route.header, route.prefix + (secrets[route.name] ?? ""))]
            } ?? [],
            body: hasBody ? body : nil,
            limits: HTTPLimits(
                connect: limits.connectTime,
                firstByte: limits.firstByteTime,
                idle: limits.idleTime,
                total: limits.totalTime,
                bodyBytes: limits.carriedBytes
            ),
            allowsPlainText: true,
            addresses: addressRule
        )
    }

    /// The secret that must not come back to the agent.
    func secret(of route: CredentialRoute?) -> String? {
        route.flatMap { secrets[$0.name] }
    }

    /// Tells what came of a request.
    func tell(_ target: String, _ outcome: String, sent: Int = 0, received: Int = 0) {
        surroundings.tell(
            EgressEvent(
                agent,
                target: target,
                outcome: outcome,
                sentBytes: sent,
                receivedBytes: received
            )
        )
    }

    func tell(_ target: String, _ refusal: Refusal) {
        surroundings.tell(
            EgressEvent(
                agent,
                target: target,
                outcome: "\(refusal.status) \(refusal.sentence)",
                isRefused: true
            )
        )
    }
}
