// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import HTTP
import MCP
import Processes
import Supervisor

/// Makes connectors out of their configuration, with the secrets that it names.
struct ConnectorMaker {
    private let desk: DeskFolder
    private let http: HTTPClient
    private let clock = SystemClock()

    init(_ desk: DeskFolder) throws {
        self.desk = desk
        let clock = clock
        http = try HTTPClient(
            wall: SystemWallClock(),
            now: { .nanoseconds(clock.now().nanoseconds) }
        )
    }

    /// Where accepted definitions are kept.
    var pins: PinFolder { PinFolder(desk.connectors) }

    /// One connector.
    /// - Throws: A ``Failure`` when a secret is missing, a `FileError` when it cannot be read.
    func make(
        _ configuration: ConnectorConfiguration,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> Connector {
        let idle = Duration.milliseconds(configuration.timeout.milliseconds)
        return Connector(
            configuration.name,
            try way(configuration),
            tools: configuration.tools.map { Set($0) },
            limits: CallLimits(idle: idle, total: idle * 10),
            messageLimitBytes: Int(configuration.messageLimit.bytes),
            http: http,
            pins: pins,
            clock: clock,
            log: log
        )
    }

    private func way(_ configuration: ConnectorConfiguration) throws -> Connector.Way {
        switch configuration.way {
        case .address(let url, let credential):
            let credentials = try credential.map { credential in
                let secret = try secret(credential.secret, of: configuration)
                return [HTTPHeader(credential.header, credential.prefix + secret)]
            }
            return .address(url, credentials: credentials ?? [])
        case .program(let words, let variables):
            return .program(try command(words, variables, of: configuration))
        }
    }

    /// The server's program: started in the desk's folder with an environment of its own.
    private func command(
        _ words: [String],
        _ variables: [ConnectorConfiguration.Variable],
        of configuration: ConnectorConfiguration
    ) throws -> ChildCommand {
        var environment: [(name: String, value: String)] = []
        for variable in variables {
            switch variable.value {
            case .plain(let text): environment.append((variable.name, text))
            case .secret(let source):
                environment.append((variable.name, try secret(source, of: configuration)))
            }
        }
        let path = AgentLauncher.usualSearchPath.joined(separator: ":")
        let usual = [(name: "PATH", value: path), (name: "LANG", value: "C.UTF-8")]
        let given = Set(variables.map(\.name))
        environment = usual.filter { !given.contains($0.name) } + environment
        let search = environment.first { $0.name == "PATH" }?.value ?? path
        let program = words[0]
        return ChildCommand(
            program: program.contains("/")
                ? .path(program.hasPrefix("/") ? program : desk.root.path(of: program))
                : .named(
                    program,
                    searchPath: search.split(separator: ":").map(String.init)
                        .filter { $0.hasPrefix("/") }
                ),
            arguments: Array(words.dropFirst()),
            // No agent's name has a space.
            environment: environment
                + DeskProcesses.marks(of: desk, part: "connector \(configuration.name)"),
            workingFolder: desk.root.path
        )
    }

    private func secret(
        _ source: SecretSource,
        of configuration: ConnectorConfiguration
    ) throws -> String {
        guard let text = try RouteSecrets.read(source, in: desk.root), !text.isEmpty else {
            throw Failure("connector \(configuration.name): \(source) holds no secret", .badData)
        }
        return text
    }
}
