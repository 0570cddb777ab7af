// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics
import Desk
import Endpoints
import MCP
import Processes
import Supervisor

struct MCPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Offer the desk's tools to a model or a program, by the Model Context Protocol.",
        discussion: """
            Tools read the desk, signals, verdicts and the account, evaluate expressions, backtest \
            in sample, and put strategies forward. Tools that ask for orders are there only if \
            orchestrator.yml has mcp: {orders: true}. Without --http the \
            protocol is spoken on standard input and output. With it, callers on this computer \
            must show the token of --token-file as a bearer token.

            EXAMPLES
              loopdesk mcp --desk my-desk
              loopdesk mcp --desk my-desk --http 127.0.0.1:8790 --token-file mcp.token
              claude mcp add loopdesk -- loopdesk mcp --desk /path/of/my-desk
              codex mcp add loopdesk -- loopdesk mcp --desk /path/of/my-desk
            """
    )

    @Option(name: .long, help: ArgumentHelp("The desk's folder.", valueName: "folder"))
    var desk = "."

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Listen at this address of the loopback instead.",
            valueName: "host:port"
        )
    )
    var http: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The file with the token that callers must show.",
            valueName: "file"
        )
    )
    var tokenFile: String?

    /// The least characters of a token.
    private static let shortestToken = 16

    func validate() throws {
        guard (http == nil) == (tokenFile == nil) else {
            throw ValidationError("--http and --token-file go together.")
        }
    }

    func run() throws {
        let tools = DeskTools(path: try absolutePath())
        // A desk that cannot be read is a fault here and not at the first call.
        _ = try tools.open()
        let server = MCPServer(
            instructions: DeskTools.instructions,
            tools: try tools.all(),
            resources: tools.resources
        )
        guard let http, let tokenFile else { return try serveLines(server) }
        try listen(server, at: http, token: try Self.token(in: tokenFile))
    }

    private func serveLines(_ server: MCPServer) throws {
        let lines = StdioServer(server, input: 0, output: 1, clock: SystemClock())
        try lines.run()
        try Waiting.run { await lines.drain() }
    }

    /// Listens until a person interrupts.
    private func listen(_ server: MCPServer, at text: String, token: String) throws {
        let address = try EndpointAddress(text)
        guard ["localhost", "127.0.0.1", "::1"].contains(address.host) else {
            throw Failure(
                "--http: \(text) is not of the loopback; expected 127.0.0.1:PORT",
                .badData
            )
        }
        let interrupts = try Interrupts.install()
        let front = WebFront(server, token: token)
        let folder = DeskFolder(try absolutePath())
        let endpoint = try Endpoint.start(
            EndpointConfiguration(address: address, hooks: [:], messages: Self.route(to: front)),
            spool: try TriggerSpool(folder),
            metrics: DeskMetrics(),
            wall: SystemWallClock()
        )
        Console().note("listening at http://\(endpoint.address)\(WebFront.path)")
        let clock = SystemClock()
        while !interrupts.isRequested {
            _ = try Pause.wait(
                until: clock.deadline(in: .seconds(60)),
                clock: clock,
                wake: interrupts.descriptor
            )
        }
        endpoint.stop()
    }

    private func absolutePath() throws -> String {
        var options = DeskOptions()
        options.desk = desk
        return try options.path()
    }

    private static func route(to front: WebFront) -> MessageRoute {
        MessageRoute(
            path: WebFront.path,
            refusal: { head in front.refusal(of: WebFront.Head(head)).map { .init($0) } },
            answer: { head, body in .init(await front.answer(WebFront.Head(head), body)) }
        )
    }

    private static func token(in path: String) throws -> String {
        let bytes = try NamedFile(path).read(limitBytes: 4096)
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard text.utf8.count >= shortestToken, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Failure(
                "\(path): expected a token of at least \(shortestToken) visible ASCII characters;"
                    + " make one with: openssl rand -hex 32",
                .badData
            )
        }
        return text
    }
}

extension WebFront.Head {
    fileprivate init(_ head: MessageRoute.Head) {
        self.init(method: head.method, headers: head.headers)
    }
}

extension MessageRoute.Answer {
    fileprivate init(_ answer: WebFront.Answer) {
        self.init(status: answer.status, body: answer.body, header: answer.header)
    }
}
