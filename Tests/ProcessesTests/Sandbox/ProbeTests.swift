// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import Testing
import TestSupport

@testable import Processes

@Suite("The probe of a sandbox", .scratchFolder)
struct ProbeTests {
    private let folder: Folder
    private let tools: SandboxTools

    init() throws {
        folder = Folder(try ScratchFolder.path)
        tools = try SandboxHere.tools()
        for name in ["seen", "own", "secret"] {
            try folder.folder(name).create()
            try folder.folder(name).replace("file", with: [0x0A])
        }
    }

    private var sandbox: Sandbox {
        Sandbox(readable: [folder.path(of: "seen")], writable: [folder.path(of: "own")])
    }

    private var command: ChildCommand {
        ChildCommand(
            program: .path("/usr/bin/true"),
            environment: [("LANG", "C.UTF-8")],
            workingFolder: "/"
        )
    }

    private func outcome(
        _ level: SandboxLevel,
        _ sandbox: Sandbox,
        hidden: [String] = [],
        fixed: [String] = []
    ) throws -> SandboxProbe.Outcome {
        try SandboxProbe(
            level: level,
            sandbox: sandbox,
            tools: tools,
            hidden: hidden,
            fixed: fixed
        ).run(inPlaceOf: command, clock: clock)
    }

    static let levels: [SandboxLevel] =
        SandboxHere.reason == nil ? [.full, .launcher] : [.launcher]

    @Test("a sandbox that is as promised holds", arguments: levels)
    func holds(_ level: SandboxLevel) throws {
        let outcome = try outcome(
            level,
            sandbox,
            hidden: [folder.path(of: "secret"), folder.path(of: "secret/file")],
            fixed: [folder.path(of: "seen"), folder.path(of: "seen/file")]
        )

        #expect(outcome == .holds)
    }

    @Test("a row that does not hold is named", arguments: levels)
    func broken(_ level: SandboxLevel) throws {
        let seen = folder.path(of: "seen")
        let own = folder.path(of: "own")

        let outcome = try outcome(level, sandbox, hidden: [seen], fixed: [own])

        #expect(outcome == .broken(["hidden=\(seen)", "fixed=\(own)"]))
    }

    @Test("without any sandbox nearly every row is broken")
    func nothing() throws {
        let outcome = try outcome(.none, sandbox, hidden: [folder.path(of: "secret")])

        guard case .broken(let rows) = outcome else {
            Issue.record("expected broken rows, found \(outcome)")
            return
        }
        #expect(
            rows.contains("none=privileges") && rows.contains("none=free-calls")
                && rows.contains("none=unix-sockets") && rows.contains("tcp=no")
                && rows.contains("hidden=\(folder.path(of: "secret"))")
        )
    }

    @Test("a sandbox that cannot be entered says why")
    func unavailable() throws {
        let nowhere = Sandbox(readable: ["/nowhere/at/all"], writable: [])

        guard case .unavailable(let reason) = try outcome(.launcher, nowhere) else {
            Issue.record("it was entered")
            return
        }
        #expect(reason.contains("/nowhere/at/all"))
    }

    @Test(
        "an agent with hosts is given a listener that the supervisor accepts on",
        .enabled(if: SandboxHere.reason == nil, "\(SandboxHere.reason ?? "")")
    )
    func listener() throws {
        var networked = sandbox
        networked.hasListener = true
        let passage = try ListenerPassage()
        var command = command
        command.program = .named("python3", searchPath: ["/usr/bin"])
        command.arguments = [
            "-c",
            """
            import socket
            print(socket.create_connection(("127.0.0.1", 3128)).recv(5).decode())
            for port in (1, 3129):
                try: socket.create_connection(("127.0.0.1", port)); print("connected")
                except PermissionError: print("refused")
            """,
        ]
        command.inherited = try [#require(passage.inherited)]
        let confined = try command.confined(by: networked, level: .full, tools: tools)

        let child = try Child.start(confined, clock: clock)
        let listener = try passage.receive(until: soon(), clock: clock)
        #expect(eventually { poll(listener.number) })
        let connection = accept(listener.number, nil, nil)
        #expect(send(connection, "hello", 5, 0) == 5)
        close(connection)

        #expect(try lines(of: child) == ["hello", "refused", "refused"])
        #expect(try outcome(.full, networked) == .holds)
    }

    private func poll(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&entry, 1, 0) == 1
    }

    private func lines(of child: Child) throws -> [String] {
        var lines: [String] = []
        while true {
            for event in try ChildGroup.wait(for: [child], until: soon(), clock: clock) {
                switch event {
                case .line(_, let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
                case .exited, .timedOut: return lines
                default: break
                }
            }
        }
    }
}
