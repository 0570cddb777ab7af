// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// The program that runs the native roles: lines in, lines out, files in between.

import Agents
import Basics
import Desk
import Processes
import Trading

let clock = SystemClock()
let channel = LineChannel(
    input: 0,
    output: 1,
    clock: clock,
    limitBytes: TurnContract.lineLimitBytes
)
let output = LineOutput(1, clock: clock, limitBytes: TurnContract.lineLimitBytes)

/// Makes the function that sends one request over an inherited descriptor and reads its answer.
///
/// The one whose absence keeps a live desk from trading says over it that it lives.
func exchange(over descriptor: Int, beats: Bool) -> ([UInt8]) throws -> [UInt8] {
    let socket = LineChannel(over: Descriptor(adopting: Int32(descriptor)), clock: clock)
    let requests = LineOutput(Int32(descriptor), clock: clock)
    let heartbeat =
        beats
        // Without beats the gateway still notices when this process ends.
        ? try? Heartbeat.start(
            every: .milliseconds(GatewayMethod.beatMilliseconds),
            line: GatewayMethod.beat,
            to: requests
        ) : nil
    return { request in
        defer { withExtendedLifetime(heartbeat) {} }
        let deadline = clock.deadline(in: .seconds(20))
        try requests.writeLine(request, until: deadline)
        guard let reply = try socket.readLine(until: deadline) else {
            throw ProcessError(
                code: .outputClosed,
                operation: "read a reply from",
                subject: "the gateway",
                hint: "see .loopdesk/logs/gateway.log"
            )
        }
        return reply
    }
}

/// Begins to send signs of life, as long as the result is kept.
func makeHeartbeat(everyMilliseconds interval: Int) -> Heartbeat? {
    // Without a thread for them the agent works all the same, and does not announce beats.
    try? Heartbeat.start(every: .milliseconds(interval), line: TurnContract.beat, to: output)
}

/// Makes the function that asks the supervisor for something in the middle of a turn.
///
/// How long that may take is the supervisor's to say: it ends the process if it takes long.
func asking(
    over channel: LineChannel,
    _ output: LineOutput
) -> ([UInt8]) throws -> [UInt8] {
    { line in
        try output.writeLine(line)
        guard let reply = try channel.readLine() else {
            throw ProcessError(
                code: .outputClosed,
                operation: "read an answer from",
                subject: "the supervisor",
                hint: "it has ended"
            )
        }
        return reply
    }
}

var loop = AgentLoop(
    worktreePath: ".",
    exchange: exchange,
    makeHeartbeat: makeHeartbeat,
    ask: asking(over: channel, output),
    programs: TurnProgram(clock: clock).surroundings
)
var isStarting = true
while let line = try channel.readLine() {
    try output.writeLine(loop.answer(line))
    // An agent may wait for hours before its first turn.
    if isStarting { ProgramPages.forget() }
    isStarting = false
}
