// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Measures what one turn of a model costs beside the time of its server, from the line that an
// agent sends to the answer that it reads: our loop with budget, journal and checks, and the
// official Python clients alone when a Python that has them is named. All take turns in one run.
// Then it holds fifty streams at once and tells its memory. See Benchmarks/README.md.
//
//   model-benchmark [PYTHON [CLIENT_SCRIPT]]

import Basics
import Desk
import Glibc
import Models
import Processes
import Supervisor

let clock = SystemClock()
let words = Array(CommandLine.arguments.dropFirst())
let rounds = 300

/// Lets everything pass.
struct Purse: ModelMeter {
    func reserve(_ most: ModelUsage, _ model: ModelConfiguration) {}
    func settle(_ ticket: Void, _ usage: ModelUsage) {}
}

let question = Conversation(
    system: ["You are one of many.", "Answer in words."],
    turns: [ConversationTurn(.user, [.text(String(repeating: "What is new? ", count: 100))])]
)

/// The nanoseconds of each of so many turns, from the line of an agent to the answer it reads.
func measure(_ model: String, _ desk: ModelDesk) throws -> [Int64] {
    let services = try desk.services()
    guard let name = AgentName(model), let agent = desk.desk.configuration.agent(name) else {
        throw JSONError("no agent \(model)")
    }
    var spans: [Int64] = []
    for round in -20..<rounds {
        // A turn of its own each, as in a desk.
        let probe = CallProbe(services, agent: agent, turn: round + 21, clock: clock)
        let begun = clock.now().nanoseconds
        let line = TurnContract.request(
            id: 1,
            method: TurnContract.completeMethod,
            parameters: question.json
        )
        guard let reply = try probe.answer(line) else { throw JSONError("no answer") }
        let answer = try ModelAnswer(json: try TurnContract.outcome(of: reply, id: 1).get())
        guard answer.text == StreamServer.pieces.joined() else { throw JSONError("\(answer)") }
        if round >= 0 { spans.append(clock.now().nanoseconds - begun) }
    }
    return spans
}

/// The nanoseconds that the server and the loopback take: bytes in, bytes out, nothing read.
func measureServer(_ path: String, _ port: Int) throws -> [Int64] {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isThere = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
    guard isThere else { throw JSONError("nobody listens") }
    let body = question.json.compactText
    let request = Array(
        "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8
    )
    var buffer = [UInt8](repeating: 0, count: 65536)
    let end = Array("\r\n0\r\n\r\n".utf8)
    var spans: [Int64] = []
    for round in -20..<rounds {
        let begun = clock.now().nanoseconds
        _ = send(socket, request, request.count, Int32(MSG_NOSIGNAL))
        var tail: [UInt8] = []
        repeat {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { throw JSONError("the server has gone") }
            tail = Array((tail + buffer[..<count]).suffix(end.count))
        } while tail != end
        if round >= 0 { spans.append(clock.now().nanoseconds - begun) }
    }
    return spans
}

/// Runs a client of another language and reads the nanoseconds that it prints.
func run(_ program: [String]) throws -> [Int64] {
    let child = try Child.start(
        ChildCommand(
            program: .path(program[0]),
            arguments: Array(program.dropFirst()),
            environment: [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("LANG", "C.UTF-8")],
            workingFolder: "."
        ),
        clock: clock
    )
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
    guard spans.count == rounds else {
        throw JSONError("\(program.joined(separator: " ")) measured \(spans.count) of \(rounds)")
    }
    return spans
}

func median(_ spans: [Int64]) -> Double {
    let sorted = spans.sorted()
    return Double(sorted[sorted.count / 2]) / 1000
}

/// The most memory that this process has had at a time.
func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss >> 10
}

/// Fifty streams at once, each of which stands still in the middle.
func holdMany(_ desk: ModelDesk) async throws -> Int {
    let client = try desk.client("messages")
    return await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<50 {
            group.addTask {
                let answer = try? await client.complete(question, meter: Purse())
                return answer?.text == StreamServer.pieces.joined()
            }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
}

guard let base = mkdtemp(strdup("/tmp/loopdesk-models-XXXXXX")) else { exit(1) }
let folder = Folder(String(cString: base))
let slow = StreamServer(pauseMilliseconds: 500)
let held = try await holdMany(try ModelDesk(folder.folder("many"), port: slow.port))
let peak = peakMegabytes()

let server = StreamServer()
let desk = try ModelDesk(folder.folder("desk"), port: server.port)
var figures: [String: [Int64]] = [:]
let script = words.count > 1 ? words[1] : "Benchmarks/Models/client.py"
for _ in 0..<3 {
    for (model, path) in [("messages", "/v1/messages"), ("chat", "/v1/chat/completions")] {
        figures["\(model) server", default: []] += try measureServer(path, server.port)
        figures["\(model) loopdesk", default: []] += try measure(model, desk)
        if let python = words.first {
            let client = [python, script, model, "\(server.port)", "\(rounds)"]
            figures["\(model) python", default: []] += try run(client)
        }
    }
}
try folder.removeAll()

func digits(_ value: Double) -> String { "\(Int(value.rounded()))" }
for model in ["messages", "chat"] {
    let floor = median(figures["\(model) server"] ?? [])
    let ours = median(figures["\(model) loopdesk"] ?? []) - floor
    print("\(model): the server and the loopback take \(digits(floor)) µs")
    print("\(model): loopdesk, from an agent's line to its answer: \(digits(ours)) µs more")
    guard let theirs = figures["\(model) python"].map({ median($0) - floor }) else { continue }
    print("\(model): the official Python client alone: \(digits(theirs)) µs more,")
    print("\(model):   \((theirs / ours * 10).rounded() / 10) times as much")
}
print("\(held) of 50 streams at once; most memory by then: \(peak) MB")
if held < 50 { exit(1) }
