// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Supervisor

@Suite("The search for secrets", .scratchFolder)
struct SecretScanTests {
    private static func letters(_ count: Int) -> String { String(repeating: "aB3", count: count) }

    private let scan = SecretScan()

    @Test(
        "keys of well-known forms are found wherever they stand",
        arguments: [
            ("-----BEGIN PRIVATE KEY-----", "a private key"),
            ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
            ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
            ("AKIA" + "ABCDEFGHIJKLMNOP", "a cloud access key"),
            ("ghp_" + letters(12), "a repository token"),
            ("github_pat_" + letters(20), "a repository token"),
            ("sk-ant-" + letters(12), "a model key"),
            ("sk-proj-" + letters(12), "a model key"),
            ("xoxb-" + letters(10), "a chat token"),
            ("Authorization: Bearer " + letters(12), "a bearer token"),
            ("https://me:hunter22@example.com/", "a password in an address"),
        ]
    )
    func found(text: String, kind: String) {
        for whole in [text, "x\(text)", "{\"a\":\"\(text)\"}", "AKI sk \(text)", "-\(text)\n"] {
            // Before an address, letters belong to it.
            #expect(scan.find(in: Array(whole.utf8)) == kind, "\(whole)")
        }
    }

    @Test(
        "what only looks like one is let pass",
        arguments: [
            "", "AKIA", "AKIA short", "ghp_", "sk-ant-", "-----BEGIN CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----", "a task-ant-hill", String(repeating: "-", count: 1000),
            "PRIVATE KEY", "akia" + letters(10), "password: correct horse battery staple",
            "api_key: ${API_KEY_FROM_ENVIRONMENT_1}", "token: 12345678901234567890",
            "https://example.com:8080/a@b", "the secret: nothing at all to see here",
            #"{"secret": true, "token": null, "password": ""}"#, "eyJ.eyJ.x",
        ]
    )
    func passed(text: String) {
        #expect(scan.find(in: Array(text.utf8)) == nil)
    }

    @Test("of planted secrets all but a few are found, in JSON, in a note and in settings")
    func recall() {
        var corpus = SecretCorpus(seed: 27)
        var missed: [String] = []
        var count = 0
        for (name, secret) in corpus.planted(perForm: 40) {
            for text in SecretCorpus.settings(of: secret) {
                count += 1
                if scan.find(in: Array(text.utf8)) == nil { missed.append("\(name): \(text)") }
            }
        }

        #expect(count > 4000)
        // A random value can happen to be too even, or to have no digit.
        #expect(
            missed.count * 200 <= count,
            "missed \(missed.count) of \(count): \(missed.prefix(9))"
        )
    }

    @Test("of what a desk writes nothing is taken for a secret")
    func falseAlarms() {
        var corpus = SecretCorpus(seed: 28)
        var alarms: [String] = []
        let lines = corpus.harmless(20_000)
        for line in lines {
            guard let found = scan.find(in: Array(line.utf8)) else { continue }
            alarms.append("\(found): \(line)")
        }

        #expect(lines.count == 20_000)
        #expect(alarms == [])
    }

    @Test("secrets of the desk are found as they are, in hexadecimal and within base64")
    func known() {
        let secret = Array("canary/7+x".utf8)
        let scan = SecretScan(KnownSecrets([secret]))
        var spellings = ["canary/7+x", "63616e6172792f372b78", "63616E6172792F372B78"]
        for before in ["", "a", "ab", "abc"] {
            var text: [UInt8] = []
            Base64.append(Array(before.utf8) + secret + Array("after".utf8), to: &text)
            spellings.append(String(decoding: text, as: UTF8.self))
        }

        for text in spellings {
            #expect(scan.find(in: Array("x \(text) y".utf8)) == "a secret of this desk", "\(text)")
        }
        #expect(scan.find(in: Array("canary/7 canary x".utf8)) == nil)
        #expect(self.scan.find(in: secret) == nil)
    }

    @Test("the desk's own secrets stand one a line, and a file that cannot be used is an error")
    func loaded() throws {
        let desk = DeskFolder(try ScratchFolder.path)
        try desk.runtime.create()

        #expect(try KnownSecrets.load(desk) == KnownSecrets())
        try desk.runtime.replace(
            "secrets",
            with: Array("# mine\n\nfirst-canary\r\nsecond-canary".utf8)
        )
        let known = try KnownSecrets.load(desk)
        #expect(known == KnownSecrets([Array("first-canary".utf8), Array("second-canary".utf8)]))
        for text in ["short\n", String(repeating: "long-enough\n", count: 257)] {
            try desk.runtime.replace("secrets", with: Array(text.utf8))
            let error = #expect(throws: DeskError.self) { try KnownSecrets.load(desk) }
            #expect(error?.description.hasPrefix(".loopdesk/secrets:") == true)
        }
    }

    @Test("every secret in a text is masked, and nothing else")
    func masked() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"
        let text = "a ghp_\(Self.letters(12)) b \(key) c AKIAABCDEFGHIJKLMNOP d"

        let (bytes, count) = scan.masked(Array(text.utf8))

        #expect(count == 3)
        let shown = String(decoding: bytes, as: UTF8.self)
        #expect(shown.hasPrefix("a [a repository token, masked] b [a private key, masked]"))
        #expect(!shown.contains("MIIE") && !shown.contains("aB3"))
        #expect(shown.hasSuffix("[a cloud access key, masked] d"))
        #expect(scan.masked("plain") == "plain")
    }

    @Test(
        "a long text of beginnings takes no longer than its length",
        arguments: [
            "-----BEGIN ", "eyJ", "secret=", "token: ", "://a:", "sk-ant-", "password:\"", "SG.",
        ]
    )
    func linear(part: String) {
        let text = Array(String(repeating: part, count: 200_000 / part.utf8.count).utf8)

        let clock = ContinuousClock()
        let span = clock.measure { _ = scan.matches(in: text) }

        #expect(span < .seconds(5))
    }
}
