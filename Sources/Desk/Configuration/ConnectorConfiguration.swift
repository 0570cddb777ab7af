// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A server of the Model Context Protocol that the desk uses: one member of `connectors:`.
public struct ConnectorConfiguration: Sendable, Hashable {
    /// How the server is reached.
    public enum Way: Sendable, Hashable {
        /// A program is started: its words, and what its environment holds beside the usual.
        case program([String], environment: [Variable])
        /// It is at an address.
        case address(String, Credential?)
    }

    /// A variable in the environment of a server's program.
    public struct Variable: Sendable, Hashable {
        /// The variable's name.
        public let name: String
        /// Its value, or where that is found.
        public let value: Value

        package init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// A value that may be a secret.
    public enum Value: Sendable, Hashable {
        /// The value itself.
        case plain(String)
        /// Where the value is.
        case secret(SecretSource)
    }

    /// What proves to the server who calls.
    public struct Credential: Sendable, Hashable {
        /// The header that carries it, in lowercase.
        public let header: String
        /// What stands before the secret in that header.
        public let prefix: String
        /// Where the secret is.
        public let secret: SecretSource

        package init(header: String, prefix: String, secret: SecretSource) {
            self.header = header
            self.prefix = prefix
            self.secret = secret
        }
    }

    /// The name by which agents ask for it.
    public let name: String
    /// How it is reached.
    public let way: Way
    /// The tools that may be used; nil for all.
    public let tools: [String]?
    /// How long a call may be without a sign of life; all of it may take ten times that.
    public let timeout: TimeLimit
    /// The most bytes of one message.
    public let messageLimit: ByteCount

    /// The variables of the desk's own environment in which secrets of it are, in their order.
    public var secretVariables: [String] {
        let sources: [SecretSource] =
            switch way {
            case .program(_, let environment):
                environment.compactMap { variable in
                    if case .secret(let source) = variable.value { source } else { nil }
                }
            case .address(_, let credential): credential.map { [$0.secret] } ?? []
            }
        return sources.compactMap { if case .environment(let name) = $0 { name } else { nil } }
    }

    /// The most connectors of a desk.
    static let entryLimit = 64
    private static let keys = [
        "command", "environment", "url", "header", "prefix", "secret", "tools", "timeout",
        "message_limit",
    ]
    private static let messageLimits: ClosedRange<Int64> = 1 << 10...1 << 30

    /// Reads a text of its own, which holds what stands below `connectors:`; for tests.
    /// - Throws: A ``DeskError`` with every fault.
    package static func parse(_ text: String) throws(DeskError) -> [ConnectorConfiguration] {
        var reader = try YAMLReader(text, file: "desk", code: .configuration)
        let connectors = readAll(&reader)
        try reader.finish()
        return connectors
    }

    /// Reads `connectors:`; none when it is absent.
    static func readAll(_ reader: inout YAMLReader) -> [ConnectorConfiguration] {
        guard reader.root["connectors"] != nil,
            let node = reader.mapping("connectors", in: reader.root)
        else { return [] }
        let members = node.members ?? []
        if members.count > entryLimit {
            reader.report(line: node.line, "connectors: more than \(entryLimit); name fewer")
        }
        return members.compactMap { member in
            read(&reader, name: member.name, line: member.line, node: member.value)
        }.sorted { $0.name < $1.name }
    }

    /// Checks that agents only name connectors that there are.
    static func checkUse(
        _ reader: inout YAMLReader,
        _ agents: [AgentConfiguration],
        _ connectors: [ConnectorConfiguration]
    ) {
        let names = connectors.map(\.name)
        for agent in agents {
            for name in agent.connectors where !names.contains(name) {
                let known = names.isEmpty ? "none" : names.joined(separator: ", ")
                reader.report(
                    line: reader.root["agents"]?[agent.name.description]?["connectors"]?.line,
                    "agents.\(agent.name).connectors: no connector '\(name)'; there are \(known)"
                )
            }
        }
    }

    private static func read(
        _ reader: inout YAMLReader,
        name: String,
        line: Int?,
        node: YAMLNode
    ) -> ConnectorConfiguration? {
        let path = "connectors.\(name)."
        guard CredentialRoute.isName(name) else {
            reader.report(
                line: line,
                "connectors.\(name): not a name; expected \(CredentialRoute.nameForm)"
            )
            return nil
        }
        guard node.members != nil else {
            reader.report(
                line: node.line,
                "connectors.\(name): found \(node.summary); expected command or url"
            )
            return nil
        }
        reader.allowOnly(keys, in: node, path: path)
        let way = readWay(&reader, in: node, path: path, name: name)
        let tools = reader.list("tools", in: node, path: path, expected: "a tool's name") {
            $0.isEmpty ? nil : $0
        }
        let timeout = reader.span(
            "timeout",
            in: node,
            path: path,
            default: TimeLimit(milliseconds: 60_000)
        )
        let messageLimit = reader.scalar(
            "message_limit",
            in: node,
            path: path,
            expected: "a size from 1KiB to 1GiB, such as 16MiB",
            default: ByteCount(bytes: 16 << 20)
        ) { ByteCount($0).flatMap { messageLimits.contains($0.bytes) ? $0 : nil } }
        guard let way, let messageLimit else { return nil }
        return ConnectorConfiguration(
            name: name,
            way: way,
            tools: node["tools"] == nil ? nil : tools,
            timeout: timeout,
            messageLimit: messageLimit
        )
    }

    private static func readWay(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String,
        name: String
    ) -> Way? {
        switch (node["command"], node["url"]) {
        case (nil, nil), (.some, .some):
            reader.report(
                line: node.line,
                "connectors.\(name): expected either command, a program to start, or url"
            )
            return nil
        case (.some, nil):
            refuse(["header", "prefix", "secret"], "url", &reader, in: node, path: path)
            return readProgram(&reader, in: node, path: path)
        case (nil, .some):
            refuse(["environment"], "command", &reader, in: node, path: path)
            return readAddress(&reader, in: node, path: path)
        }
    }

    private static func refuse(
        _ keys: [String],
        _ owner: String,
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) {
        for key in keys {
            if let value = node[key] {
                reader.report(line: value.line, "\(path)\(key): goes with \(owner) only")
            }
        }
    }

    private static func readProgram(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> Way? {
        let words = reader.list(
            "command",
            in: node,
            path: path,
            expected: "a text",
            isSet: false
        ) { $0.utf8.contains(0) ? nil : $0 }
        guard let program = words.first, !program.isEmpty else {
            reader.report(line: node["command"]?.line, "\(path)command: empty; name a program")
            return nil
        }
        var environment: [Variable] = []
        let members =
            node["environment"] == nil
            ? nil : reader.mapping("environment", in: node, path: path)?.members
        for member in members ?? [] {
            guard SecretSource.isVariable(member.name), let text = member.value.scalar,
                !text.utf8.contains(0)
            else {
                reader.report(
                    line: member.line,
                    "\(path)environment.\(member.name): expected a variable with a text, or with"
                        + " \(SecretSource.form)"
                )
                continue
            }
            let value = SecretSource(text).map { Value.secret($0) } ?? .plain(text)
            environment.append(Variable(name: member.name, value: value))
        }
        return .program(words, environment: environment)
    }

    private static func readAddress(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> Way? {
        let url = reader.scalar(
            "url",
            in: node,
            path: path,
            expected: CredentialRoute.urlForm
        ) { text in CredentialRoute.target(of: text).map { _ in text } }
        let header = reader.scalar(
            "header",
            in: node,
            path: path,
            expected: "the name of a header",
            default: "authorization"
        ) { CredentialRoute.headerName($0) }
        let prefix = reader.scalar(
            "prefix",
            in: node,
            path: path,
            expected: "a text of printable characters",
            default: header == "authorization" ? "Bearer " : ""
        ) { CredentialRoute.isPrintable($0) ? $0 : nil }
        let isSecret = node["secret"] != nil
        let secret = isSecret ? CredentialRoute.secret(&reader, in: node, path: path) : nil
        guard let url, let header, let prefix, !isSecret || secret != nil else { return nil }
        return .address(
            url,
            secret.map { Credential(header: header, prefix: prefix, secret: $0) }
        )
    }
}
