// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk service", .scratchFolder)
struct ServiceTests {
    /// Runs `loopdesk service` with a configuration folder of the test's own.
    func service(_ words: [String]) async throws -> FinishedCommand {
        let home = try ScratchFolder.path
        return try await runCommand(
            "/usr/bin/env",
            ["XDG_CONFIG_HOME=\(home)/config", try BuiltProduct.path("loopdesk"), "service"]
                + words,
            folder: home,
            timeout: .seconds(30)
        )
    }

    var units: Folder {
        get throws { Folder(try ScratchFolder.path).folder("config").folder("systemd/user") }
    }

    @Test("a unit is written, shown, and removed again")
    func roundTrip() async throws {
        let desk = try await TestDesk.make()

        let shown = try await service(["show", "--desk", desk.path])
        let installed = try await service(["install", "--desk", desk.path])
        let text = String(decoding: try units.read("loopdesk-desk.service"), as: UTF8.self)
        let again = try await service(["install", "--desk", desk.path])
        let removed = try await service(["uninstall", "--desk", desk.path])
        let nothing = try await service(["uninstall", "--desk", desk.path])

        #expect(shown.stdout == text)
        #expect(installed.stdout.contains("systemctl --user enable --now loopdesk-desk.service"))
        #expect(again.isSuccess)
        #expect(removed.stdout.contains("removed"))
        #expect(nothing.stdout.contains("not there"))
        #expect(try units.names().isEmpty)
    }

    @Test("the unit is as it was read")
    func text() async throws {
        let desk = try await TestDesk.make()
        let program = try BuiltProduct.path("loopdesk")

        let shown = try await service(["show", "--desk", desk.path])

        let general = shown.stdout.replacing(program, with: "/usr/bin/loopdesk")
            .replacing(desk.path, with: "/srv/desk")
        try expectSnapshot(general, "service-unit.txt")
    }

    @Test("what systemd would read differently is escaped")
    func escaping() async throws {
        let desk = try await TestDesk.make("a \"b\" 100% $HOME ä\\")

        let shown = try await service(["show", "--desk", desk.path])

        let scratch = try ScratchFolder.path
        let line = shown.stdout.split(separator: "\n").first { $0.hasPrefix("ExecStart=") }
        let word = #"a \"b\" 100%% $$HOME ä\\"#
        #expect(line?.hasSuffix(#" up --desk "\#(scratch)/\#(word)""#) == true)
        #expect(shown.stdout.contains("Description=Loopdesk desk loopdesk-a--b--100---HOME----\n"))
    }

    @Test(
        "systemd itself finds nothing wrong with a unit",
        .enabled(if: Folder("/usr/bin").contains("systemd-analyze")),
        arguments: ["desk", "a \"b\" 100% $HOME ä\\"]
    )
    func verified(name: String) async throws {
        let desk = try await TestDesk.make(name)
        let home = try ScratchFolder.path
        _ = try await service(["install", "--desk", desk.path, "--name", "verified"])

        let result = try await runCommand(
            "/usr/bin/env",
            [
                "XDG_RUNTIME_DIR=\(home)", "systemd-analyze", "--user", "--man=no", "verify",
                try units.path(of: "verified.service"),
            ],
            folder: home,
            timeout: .seconds(60)
        )

        #expect(!result.stderr.contains("verified.service"), "\(result.stderr)")
        #expect(result.isSuccess)
    }

    @Test("a unit of another desk or of somebody else is left alone")
    func foreign() async throws {
        let desk = try await TestDesk.make()
        let other = try await TestDesk.make("other")
        _ = try await service(["install", "--desk", other.path, "--name", "mine"])
        try units.replace("theirs.service", with: Array("[Unit]\n".utf8))

        let ofOther = try await service(["install", "--desk", desk.path, "--name", "mine"])
        let ofSomebody = try await service(["install", "--desk", desk.path, "--name", "theirs"])
        let removal = try await service(["uninstall", "--desk", desk.path, "--name", "theirs"])

        expectComplaint(ofOther, status: 65, "belongs to the desk \(other.path)")
        expectComplaint(ofSomebody, status: 65, "was not made by loopdesk")
        expectComplaint(removal, status: 65, "was not made by loopdesk")
        #expect(try units.names() == ["mine.service", "theirs.service"])
        #expect(try units.read("theirs.service") == Array("[Unit]\n".utf8))
    }

    @Test(
        "names and folders that cannot be are refused",
        arguments: ["-a", ".a", "a/b", "a b"]
    )
    func badName(name: String) async throws {
        let desk = try await TestDesk.make()

        let result = try await service(["install", "--desk", desk.path, "--name=\(name)"])

        expectComplaint(result, status: 65, "--name")
    }

    @Test("without a configuration folder there is nowhere to write")
    func noHome() async throws {
        let desk = try await TestDesk.make()

        let result = try await runCommand(
            "/usr/bin/env",
            [
                "-i", "XDG_CONFIG_HOME=relative", try BuiltProduct.path("loopdesk"), "service",
                "install", "--desk", desk.path,
            ],
            folder: desk.path,
            timeout: .seconds(30)
        )

        expectComplaint(result, status: 69, "HOME")
    }
}
