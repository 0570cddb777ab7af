// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Processes

/// A service manager that only listens.
private struct Listener {
    let descriptor: Int32

    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        let address = try #require(ServiceAddress(name))
        let bound = address.withSocketAddress { bind(descriptor, $0, $1) }
        try #require(bound == 0)
    }

    func close() { Glibc.close(descriptor) }

    /// The messages that wait.
    func messages() -> [String] {
        var found: [String] = []
        var bytes = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else { return found }
            found.append(String(decoding: bytes[..<count], as: UTF8.self))
        }
    }
}

private func notifier(_ variables: [String: String]) throws -> ServiceNotifier? {
    try ServiceNotifier.make(environment: { variables[$0] }, processID: 42)
}

@Suite("Telling the service manager")
struct ServiceNotifierTests {
    @Test("every message arrives as it is documented", arguments: [true, false])
    func messages(isAbstract: Bool) throws {
        let scratch = try Scratch()
        let name = isAbstract ? "@loopdesk-test-\(getpid())" : scratch.file("notify")
        let listener = try Listener(name)
        defer { listener.close() }
        let notifier = try #require(try notifier(["NOTIFY_SOCKET": name]))

        try notifier.ready(status: "up\nREADY=0 \u{7F}")
        try notifier.reloading(at: MonotonicInstant(nanoseconds: 5_000_999))
        try notifier.stopping(status: "")
        try notifier.status("3 agents, 1 out of service")
        try notifier.watchdog()
        try notifier.extendTimeout(by: .seconds(30))

        #expect(
            listener.messages() == [
                "READY=1\nSTATUS=up READY=0  ", "RELOADING=1\nMONOTONIC_USEC=5000",
                "STOPPING=1\nSTATUS=", "STATUS=3 agents, 1 out of service", "WATCHDOG=1",
                "EXTEND_TIMEOUT_USEC=30000000",
            ]
        )
    }

    @Test("without a manager there is nobody to tell", arguments: [nil, ""] as [String?])
    func nobody(value: String?) throws {
        #expect(try notifier(["NOTIFY_SOCKET": value].compactMapValues { $0 }) == nil)
    }

    @Test(
        "an address that cannot be one is refused",
        arguments: [
            "relative/path", "@", "/", "vsock:2:1234", "/" + String(repeating: "a", count: 107),
            "@" + String(repeating: "a", count: 107), "/a\0b",
        ]
    )
    func badAddress(text: String) {
        let error = #expect(throws: ProcessError.self) { try notifier(["NOTIFY_SOCKET": text]) }

        #expect(error?.code == .invalidCommand)
        #expect(error?.description.contains("NOTIFY_SOCKET") == true)
    }

    @Test("the longest address works")
    func longestAddress() throws {
        let start = "@loopdesk-\(getpid())-"
        let name = start + String(repeating: "a", count: 107 - start.utf8.count)
        let listener = try Listener(name)
        defer { listener.close() }

        try notifier(["NOTIFY_SOCKET": name])?.watchdog()

        #expect(listener.messages() == ["WATCHDOG=1"])
    }

    @Test(
        "the watchdog wants a sign in half its time, if it watches this process",
        arguments: [
            (nil, nil, nil), ("60000000", nil, 30_000_000), ("60000000", "42", 30_000_000),
            ("60000000", "43", nil), ("1", nil, 1),
        ] as [(String?, String?, Int64?)]
    )
    func watchdog(time: String?, process: String?, expected: Int64?) throws {
        let variables = ["NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": time, "WATCHDOG_PID": process]

        let notifier = try notifier(variables.compactMapValues { $0 })

        #expect(notifier?.watchdogInterval == expected.map { .microseconds($0) })
    }

    @Test("a time that is none is refused", arguments: ["", "0", "-5", "1.5", "soon"])
    func badTime(text: String) {
        let error = #expect(throws: ProcessError.self) {
            try notifier(["NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": text])
        }

        #expect(error?.code == .invalidCommand)
    }

    @Test("a manager that does not listen is an error at once, and so is one that is full")
    func noListener() throws {
        let scratch = try Scratch()
        let missing = try #require(try notifier(["NOTIFY_SOCKET": scratch.file("nobody")]))
        let listener = try Listener(scratch.file("slow"))
        defer { listener.close() }
        let full = try #require(try notifier(["NOTIFY_SOCKET": scratch.file("slow")]))

        let first = #expect(throws: ProcessError.self) { try missing.watchdog() }
        let second = #expect(throws: ProcessError.self) {
            for _ in 0..<100_000 { try full.watchdog() }
        }

        #expect(first?.description.contains("the desk goes on") == true)
        #expect(second?.errorNumber == EAGAIN)
    }

    @Test("a long status is cut at a whole character")
    func longStatus() throws {
        let name = "@loopdesk-long-\(getpid())"
        let listener = try Listener(name)
        defer { listener.close() }

        try notifier(["NOTIFY_SOCKET": name])?.status(String(repeating: "ä€", count: 1000))

        let message = try #require(listener.messages().first)
        #expect(message.utf8.count <= ServiceNotifier.statusLimitBytes + 7)
        #expect(message.utf8.count > ServiceNotifier.statusLimitBytes)
        #expect(!message.contains("\u{FFFD}"))
    }

    @Test("no descriptor stays open")
    func descriptors() throws {
        let name = "@loopdesk-leak-\(getpid())"
        let listener = try Listener(name)
        defer { listener.close() }
        let notifier = try #require(try notifier(["NOTIFY_SOCKET": name]))
        let before = open("/dev/null", O_RDONLY)
        close(before)

        for _ in 0..<50 {
            try notifier.watchdog()
            _ = listener.messages()
        }

        let after = open("/dev/null", O_RDONLY)
        close(after)
        #expect(after == before)
    }
}
