// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes

/// A folder of its own for one test, removed with what it holds when it goes away.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/loopdesk-processes-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchFailed() }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink("\(path)/\(name)")
        }
        closedir(folder)
        rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func command(_ path: String, _ arguments: [String] = []) -> ChildCommand {
        ChildCommand(
            program: .path(path),
            arguments: arguments,
            workingFolder: self.path,
            errorLogPath: file("errors.log")
        )
    }

    func shell(_ script: String) -> ChildCommand {
        var command = command("/bin/sh", ["-c", script])
        command.environment = [("PATH", "/usr/bin:/bin")]
        return command
    }
}

struct ScratchFailed: Error {}

let clock = SystemClock()

func soon(_ duration: Duration = .seconds(10)) -> MonotonicInstant {
    clock.deadline(in: duration)
}

func text(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
}

/// Waits until a child is gone and returns everything it reported.
func allEvents(of child: Child) throws -> [ChildEvent] {
    var events = [ChildEvent]()
    while true {
        let more = try ChildGroup.wait(for: [child], until: soon(), clock: clock)
        if more.isEmpty || more == [.timedOut] { return events + more }
        events += more
    }
}

/// Whether a process is gone or only waits to be reaped.
func isDead(_ processID: Int32) -> Bool {
    let status = text("/proc/\(processID)/stat")
    guard let end = status.lastIndex(of: ")") else { return true }
    return status[end...].dropFirst(2).first == "Z"
}

/// Polls a condition for up to ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
    let deadline = soon()
    while clock.now() < deadline {
        if condition() { return true }
        // A wait on nothing for a millisecond.
        _ = poll(nil, 0, 1)
    }
    return condition()
}
