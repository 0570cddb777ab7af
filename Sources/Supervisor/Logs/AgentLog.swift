// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes
import Synchronization

/// Writes what an agent's process says on standard error as JSON lines.
///
/// A log that cannot be written never stops the agent or the desk: lines are dropped, and the next
/// line that can be written is preceded by their number.
final class AgentLog: Sendable {
    private struct State: ~Copyable {
        var file: RotatingFile
        var dropped = 0
    }

    private let agent: AgentName
    private let wall: any WallClock
    private let state: Mutex<State>

    init(_ desk: DeskFolder, _ agent: AgentName, _ settings: AgentLogSettings) {
        self.agent = agent
        wall = settings.wall
        let file = RotatingFile(
            desk.logFiles(agent),
            rotateBytes: settings.rotateBytes,
            keep: settings.keep
        )
        state = Mutex(State(file: file))
    }

    /// Writes some lines with one write.
    func take(_ lines: [ErrorLine]) {
        let time = JSON.string(wall.now().description)
        state.withLock { state in
            var bytes = state.dropped > 0 ? bytes(of: .dropped(state.dropped), time) : []
            for line in lines { bytes += self.bytes(of: line, time) }
            do {
                try state.file.append(bytes)
                state.dropped = 0
            } catch {
                state.dropped += lines.reduce(0) { $0 + $1.count }
            }
        }
    }

    private func bytes(of line: ErrorLine, _ time: JSON) -> [UInt8] {
        var members = [
            JSON.Member("time", time), JSON.Member("agent", .string(agent.description)),
            JSON.Member("stream", "stderr"),
        ]
        switch line {
        case .dropped(let count): members.append(JSON.Member("dropped", .int(Int64(count))))
        case .text(let bytes, let isCut):
            members.append(Self.content(bytes))
            if isCut { members.append(JSON.Member("cut", true)) }
        }
        return JSON.object(members).compactBytes + [0x0A]
    }

    /// A line that is a JSON object is kept as one; any other is a text, with what is not UTF-8
    /// replaced.
    private static func content(_ bytes: [UInt8]) -> JSON.Member {
        // What is no JSON is a text.
        if bytes.first == 0x7B, let record = try? JSON(parsing: bytes), record.objectValue != nil {
            return JSON.Member("record", record)
        }
        let line = bytes.last == 0x0D ? bytes.dropLast() : bytes[...]
        return JSON.Member("text", .string(String(decoding: line, as: UTF8.self)))
    }
}

extension ErrorLine {
    /// How many lines of the process it stands for.
    fileprivate var count: Int {
        switch self {
        case .text: 1
        case .dropped(let count): count
        }
    }
}
