// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Endpoints
import Glibc
import MCP
import Processes

/// A server that listens at the loopback and has told where.
struct Listening {
    private let child: Child
    let url: String

    /// Starts a program and waits for the line that names its address.
    init(_ program: [String]) throws {
        child = try Child.start(command(program), clock: clock)
        let events = try ChildGroup.wait(
            for: [child],
            until: clock.deadline(in: .seconds(60)),
            clock: clock
        )
        guard case .line(_, let line)? = events.first else {
            throw JSONError("\(program.joined(separator: " ")) does not say where it listens")
        }
        url = String(decoding: line, as: UTF8.self)
    }

    func end() throws { try child.terminate() }
}

/// Serves at the loopback as `loopdesk mcp --http` does, until the input ends.
func listen(_ server: MCPServer) throws {
    guard let base = mkdtemp(strdup("/tmp/loopdesk-mcp-XXXXXX")) else { exit(1) }
    let folder = Folder(String(cString: base))
    // What stays behind in the temporary folder harms nobody.
    defer { try? folder.removeAll() }
    let front = WebFront(server, token: nil)
    let route = MessageRoute(
        path: WebFront.path,
        refusal: { head in
            front.refusal(of: .init(method: head.method, headers: head.headers)).map(answer)
        },
        answer: { head, body in
            answer(await front.answer(.init(method: head.method, headers: head.headers), body))
        }
    )
    let endpoint = try Endpoint.start(
        EndpointConfiguration(
            address: EndpointAddress("127.0.0.1:0"),
            hooks: [:],
            messages: route
        ),
        spool: try TriggerSpool(DeskFolder(folder.path)),
        metrics: DeskMetrics(),
        wall: SystemWallClock()
    )
    print("http://\(endpoint.address)\(WebFront.path)")
    fflush(nil)
    var byte: UInt8 = 0
    while read(0, &byte, 1) > 0 {}
    endpoint.stop()
}

private func answer(_ answer: WebFront.Answer) -> MessageRoute.Answer {
    MessageRoute.Answer(status: answer.status, body: answer.body, header: answer.header)
}
