// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What an agent's process may reach in the network; nothing unless something is named.
public struct EgressConfiguration: Sendable, Hashable {
    /// Hosts that it may talk to with what it has itself.
    public let hosts: [HostPattern]
    /// Servers to which a credential is added that it never sees, in the order of the file.
    public let routes: [CredentialRoute]

    /// The keys below an agent's `sandbox:` that this reads.
    static let keys = ["hosts", "credentials"]
    /// The most hosts and the most routes of one agent.
    static let entryLimit = 64

    /// The path on the way out at which the desk's tools answer; no route can have it.
    public static let toolsPath = "/.loopdesk/mcp"

    /// The variables that keep programs from asking a proxy for the way out itself.
    static let ownAddresses = ["NO_PROXY", "no_proxy"].map {
        (name: $0, value: "127.0.0.1,localhost")
    }

    /// No network.
    public static let none = EgressConfiguration(hosts: [], routes: [])

    init(hosts: [HostPattern], routes: [CredentialRoute]) {
        self.hosts = hosts
        self.routes = routes
    }

    /// Whether nothing may be reached.
    public var isEmpty: Bool { hosts.isEmpty && routes.isEmpty }

    /// Whether a host and port are among the named hosts.
    public func allows(host: String, port: Int) -> Bool {
        hosts.contains { $0.matches(host: host, port: port) }
    }

    /// Whether somebody wrote this very address, which may then be a private one.
    public func names(address: String) -> Bool {
        let canonical = HostPattern.address(address)
        return canonical != nil
            && (hosts.contains { $0.host == .address(canonical ?? "") }
                || routes.contains { HostPattern.address($0.host) == canonical })
    }

    /// The variables that tell an agent's programs of the way out, which listens at that port of
    /// the loopback that only the agent has.
    public func environment(port: Int) -> [(name: String, value: String)] {
        guard !isEmpty else { return [] }
        let proxy = "http://127.0.0.1:\(port)"
        var variables: [(name: String, value: String)] = []
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            variables += [(name: name, value: proxy), (name: name.lowercased(), value: proxy)]
        }
        variables += Self.ownAddresses
        for route in routes {
            if let name = route.variable {
                variables.append((name: name, value: "\(proxy)/\(route.name)"))
            }
        }
        return variables
    }

    /// Reads a text of its own, which holds the keys that stand below `sandbox:`; for tests.
    /// - Throws: A ``DeskError`` with every fault.
    package init(parsing text: String) throws(DeskError) {
        var reader = try YAMLReader(text, file: "sandbox", code: .configuration)
        reader.allowOnly(Self.keys, in: reader.root)
        self = Self.read(&reader, in: reader.root, path: "")
        try reader.finish()
    }

    /// Reads `hosts:` and `credentials:`; ``none`` when both are absent.
    static func read(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> EgressConfiguration {
        let hosts = reader.list("hosts", in: node, path: path, expected: HostPattern.form) {
            HostPattern($0)
        }
        var routes: [CredentialRoute] = []
        if node["credentials"] != nil,
            let members = reader.mapping("credentials", in: node, path: path)?.members
        {
            routes = members.compactMap { member in
                CredentialRoute(
                    &reader,
                    name: member.name,
                    line: member.line,
                    node: member.value,
                    path: "\(path)credentials."
                )
            }
        }
        if hosts.count > entryLimit || routes.count > entryLimit {
            reader.report(
                line: node.line,
                "\(path)hosts: more than \(entryLimit) entries; name fewer, or use *.NAME"
            )
        }
        return EgressConfiguration(hosts: hosts, routes: routes)
    }
}
