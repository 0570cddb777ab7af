// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Measures what one call of a tool costs over the pipes of a program and over HTTP: our client and
// our server, and the official Python SDK on either side when a Python that has it is named. All
// pairs take turns in one run, so that a busy moment meets all alike. See Benchmarks/README.md.
//
//   mcp-benchmark [PYTHON [PEER_SCRIPT]]      measures
//   mcp-benchmark serve                       is a server with one tool
//   mcp-benchmark listen                      is one over HTTP; prints its address
//   mcp-benchmark client ROUNDS PROGRAM…|URL  is a client; prints nanoseconds, one call a line

import Basics
import Glibc
import HTTP
import MCP
import Processes

let clock = SystemClock()
let words = Array(CommandLine.arguments.dropFirst())

/// Accepts whatever it is shown.
final class NoPins: PinStore {
    func load(_ connector: String) throws -> ToolPins? { nil }
    func save(_ pins: ToolPins, of connector: String) throws {}
}

func echoServer() throws -> MCPServer {
    MCPServer(
        instructions: "",
        tools: [
            try ServerTool(
                "echo",
                title: "Echo",
                description: "Gives back a text.",
                effect: .reads,
                arguments: [.init("text", ["type": "string"])],
                required: ["text"],
                output: [.init("result", ["type": "string"])]
            ) { arguments in
                let text = arguments["text"] ?? ""
                return ToolResult(text: text.stringValue ?? "", structured: ["result": text])
            }
        ]
    )
}

func command(_ program: [String]) -> ChildCommand {
    ChildCommand(
        program: .path(program[0]),
        arguments: Array(program.dropFirst()),
        environment: [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("LANG", "C.UTF-8")],
        workingFolder: "."
    )
}

/// The nanoseconds of each of so many calls to a server.
///
/// A task like any of a desk: one that belongs to the main actor would have each call wait for the
/// main queue twice.
@concurrent func measure(_ way: Connector.Way, rounds: Int) async throws -> [Int64] {
    let http = try HTTPClient(
        wall: SystemWallClock(),
        now: { .nanoseconds(clock.now().nanoseconds) }
    )
    let connector = Connector(
        "peer",
        way,
        tools: nil,
        limits: CallLimits(),
        messageLimitBytes: 1 << 20,
        http: http,
        pins: NoPins(),
        clock: clock
    )
    var spans: [Int64] = []
    // The first calls start the server and warm it up.
    for round in -20..<rounds {
        let begun = clock.now().nanoseconds
        let result = try await connector.call("echo", ["text": .string("hello \(round)")])
        guard result.text == "hello \(round)" else { throw JSONError("a wrong answer") }
        if round >= 0 { spans.append(clock.now().nanoseconds - begun) }
    }
    await connector.close()
    return spans
}

/// Runs a client of another language and reads the nanoseconds that it prints.
func run(_ program: [String]) throws -> [Int64] {
    let child = try Child.start(command(program), clock: clock)
    var spans: [Int64] = []
    while true {
        let events = try ChildGroup.wait(
            for: [child],
            until: clock.deadline(in: .seconds(300)),
            clock: clock
        )
        for event in events {
            if case .line(_, let line) = event,
                let span = Int64(String(decoding: line, as: UTF8.self))
            {
                spans.append(span)
            }
        }
        if events.isEmpty || events.contains(.timedOut) || child.exitStatus != .running { break }
    }
    return spans
}

func median(_ spans: [Int64]) -> Double {
    let sorted = spans.sorted()
    return sorted.isEmpty ? .nan : Double(sorted[sorted.count / 2]) / 1000
}

func own() -> String {
    guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
    defer { free(path) }
    return String(cString: path)
}

func text(_ microseconds: Double) -> String {
    let tenths = (microseconds * 10).rounded() / 10
    return String(repeating: " ", count: max(0, 10 - "\(tenths)".count)) + "\(tenths)"
}

/// Lets all pairs of clients and servers take turns; without a Python only our own.
func compare(_ python: String?, script: String, overHTTP: Bool) async throws {
    let (passes, rounds) = (5, 200)
    var spans: [String: [Int64]] = [:]
    let mode = overHTTP ? "listen" : "serve"
    func ask(_ pair: String, _ server: [String]) async throws {
        let listening = overHTTP ? try Listening(server) : nil
        let way = listening.map {
            Connector.Way.address($0.url, credentials: [])
        }
        spans[pair, default: []] += try await measure(
            way ?? .program(command(server)),
            rounds: rounds
        )
        try listening?.end()
    }
    func askBySDK(_ pair: String, _ python: String, _ server: [String]) throws {
        let listening = overHTTP ? try Listening(server) : nil
        let client = [python, script, "client", "\(rounds)"]
        spans[pair, default: []] += try run(client + (listening.map { [$0.url] } ?? server))
        try listening?.end()
    }
    for _ in 0..<passes {
        try await ask("ours to ours", [own(), mode])
        guard let python else { continue }
        let peer = [python, script, mode]
        try askBySDK("SDK to SDK", python, peer)
        try await ask("ours to SDK", peer)
        try askBySDK("SDK to ours", python, [own(), mode])
    }
    let place = overHTTP ? "HTTP" : "pipes"
    print(
        "one call of a tool over \(place), \(passes) times \(rounds) calls, medians in microseconds"
    )
    for pair in ["ours to ours", "ours to SDK", "SDK to ours", "SDK to SDK"] {
        guard let found = spans[pair], !found.isEmpty else {
            print("  \(pair): left out")
            continue
        }
        print("  \(pair): \(text(median(found)))")
    }
    if let ours = spans["ours to ours"], let theirs = spans["SDK to SDK"], !theirs.isEmpty {
        let times = (median(theirs) / median(ours) * 10).rounded() / 10
        print("the SDK takes \(times) times as long")
    }
}

switch words.first {
case "serve":
    try StdioServer(try echoServer(), input: 0, output: 1, clock: clock).run()
case "listen":
    try listen(try echoServer())
case "client":
    let rounds = Int(words.dropFirst().first ?? "") ?? 200
    let server = Array(words.dropFirst(2))
    let way: Connector.Way =
        server.first?.hasPrefix("http://") == true
        ? .address(server[0], credentials: [])
        : .program(command(server))
    for span in try await measure(way, rounds: rounds) { print(span) }
default:
    let script = words.count > 1 ? words[1] : "Benchmarks/MCP/peer.py"
    for overHTTP in [false, true] {
        try await compare(words.first, script: script, overHTTP: overHTTP)
    }
}
