// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("Where a secret begins and ends", .scratchFolder)
struct SecretEdgeTests {
    private static func mixed(_ count: Int) -> String {
        String((0..<count).map { Array("a1Bc2De3Fg4Hi5Jk6Lm7No8Pq9Rs0Tu")[$0 * 7 % 31] })
    }

    private static let jwt =
        "eyJ" + String(repeating: "a", count: 30) + ".eyJ" + String(repeating: "b", count: 40)

    @Test(
        "what is masked is the secret, all of it, and nothing beside it",
        arguments: [
            (
                "a\n-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\nb",
                "a\n[a private key, masked]\nb"
            ),
            (
                "Authorization: Bearer \(mixed(24)) end",
                "Authorization: Bearer [a value that is called a secret, masked] end"
            ),
            ("token=\(mixed(300)) end", "token=[a value that is called a secret, masked] end"),
            ("https://u:abcd@host", "https://u:[a password in an address, masked]@host"),
            (
                "https://\(mixed(40)):abcd@host",
                "https://\(mixed(40)):[a password in an address, masked]@host"
            ),
            ("token: \(mixed(20))", "token: [a value that is called a secret, masked]"),
            ("x AKIA\(String(repeating: "A", count: 16)) y", "x [a cloud access key, masked] y"),
            ("x \(jwt) y", "x [a signed token, masked] y"),
            // The beginning is random enough, whatever follows.
            (
                "token=\(mixed(128))\(String(repeating: "a", count: 3000))",
                "token=[a value that is called a secret, masked]"
            ),
        ]
    )
    func masked(text: String, expected: String) {
        #expect(SecretScan().masked(text) == expected)
    }

    @Test(
        "what only looks like one is left alone",
        arguments: [
            "token: \(mixed(19)) end", "password: abcdefghijklmnopqrstuvwx",
            "password: 12345678901234567890123", "token: aaaaaaaaaaaaaaaaaaaaaaaaaa1",
            "https://u:ab@host", "see u:abcdef@host", "https://\(mixed(41)):abcd@host",
            "AKIA\(String(repeating: "A", count: 15)) and more words here",
            "eyJ\(String(repeating: "a", count: 80))", "x\(jwt)", "note: \(mixed(40))",
            "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
        ]
    )
    func harmless(text: String) {
        #expect(SecretScan().find(in: Array(text.utf8)) == nil)
    }

    @Test("a key without an end is taken to be as long as keys can be, and no longer")
    func endless() {
        let text = "-----BEGIN PRIVATE KEY-----\n" + String(repeating: "x", count: 20 << 10)

        let matches = SecretScan().matches(in: Array(text.utf8))

        #expect(matches.map(\.range) == [0..<(16 << 10)])
    }

    @Test("the desk's own secrets: the longest first, none over another, in all spellings")
    func known() throws {
        let scan = SecretScan(
            KnownSecrets(
                ["aaaaaaaa", "abcdefgh", "abcdefgh12345678", "???>>>???>>>"].map { Array($0.utf8) }
            )
        )
        var encoded: [UInt8] = []
        Base64.append(Array("???>>>???>>>".utf8), to: &encoded)
        let safe = String(decoding: encoded, as: UTF8.self).replacing("+", with: "-")
            .replacing("/", with: "_")

        #expect(scan.matches(in: Array("aaaaaaaaaaaa".utf8)).count == 1)
        #expect(scan.masked("x abcdefgh12345678 y") == "x [a secret of this desk, masked] y")
        #expect(safe.contains("_") && scan.find(in: Array("x \(safe) y".utf8)) != nil)
    }

    @Test("a file of secrets that cannot be read stops the desk, which would publish them else")
    func unreadable() throws {
        let desk = DeskFolder(try ScratchFolder.path)
        try desk.runtime.create()
        let bytes = [UInt8](repeating: 0x61, count: KnownSecrets.limitBytes + 1)
        try desk.runtime.replace(KnownSecrets.fileName, with: bytes)

        let error = #expect(throws: DeskError.self) { try KnownSecrets.load(desk) }

        #expect(error?.description.contains(".loopdesk/secrets") == true)
    }

    @Test("a secret in a memory, a note, a signal or the story of a turn is not published")
    func places() async throws {
        let key = "ghp_" + String(repeating: "a1", count: 18)
        let places: [(String, String)] = [
            ("agents/researcher/STATE.md", "---\nturn: 1\n---\n\(key)\n"),
            ("outbox/1-note.md", "I found \(key)."),
            ("outbox/1-proposal.json", String(decoding: OutboxBench.proposal(key), as: UTF8.self)),
        ]
        let bench = try await OutboxBench.make()
        let folder = bench.folder
        let state = try bench.worktree.read("agents/researcher/STATE.md")
        for (path, text) in places {
            try bench.worktree.overwrite(path, with: Array(text.utf8))

            let refusal = #expect(throws: TurnFolder.Refusal.self) { try folder.harvest() }

            let words = refusal?.description ?? ""
            #expect(words.contains("seems to hold a repository token"), "\(path): \(words)")
            try bench.worktree.removeFile(path)
            try bench.worktree.overwrite("agents/researcher/STATE.md", with: state)
        }
        // A long summary is told in a headline and details.
        let items = (0..<40).map { "did the thing of number \($0)" }
        let long = TurnStory((items + ["found \(key)"]).joined(separator: "; "))
        #expect(!long.subject.contains(key) && long.details.joined().contains(key))
        for story in [TurnStory(key), long] {
            #expect(throws: TurnFolder.Refusal.self) { try folder.requireNoSecret(in: story) }
        }
    }
}
