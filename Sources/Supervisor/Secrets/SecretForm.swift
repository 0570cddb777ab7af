// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The form of one kind of key: how it begins, and what and how much must follow.
struct SecretForm: Sendable {
    /// The characters that a key consists of behind its beginning.
    enum Letters: Sendable {
        case digits
        case upper
        case hexadecimal
        case alphanumeric
        /// Letters and digits, `-` and `_`.
        case word
        /// A word with dots.
        case dotted
        /// What may stand in a part of an address.
        case address

        func contains(_ byte: UInt8) -> Bool {
            switch (self, byte) {
            case (_, 0x30...0x39): true
            case (.digits, _): false
            case (.hexadecimal, _): (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
            case (_, 0x41...0x5A): true
            case (.upper, _): false
            case (_, 0x61...0x7A): true
            case (.alphanumeric, _): false
            case (_, 0x2D), (_, 0x5F): true
            case (.dotted, 0x2E), (.address, 0x2E), (.address, 0x2F): true
            default: false
            }
        }
    }

    let prefix: [UInt8]
    let letters: Letters
    /// The fewest characters behind the beginning.
    let least: Int
    /// What it is called in a message.
    let name: String
    /// What the characters behind the beginning must hold; nothing may stand before such a key, so
    /// that no text is looked through again and again.
    let inside: [UInt8]

    init(
        _ prefix: String,
        _ letters: Letters,
        _ least: Int,
        _ name: String,
        holding inside: String = ""
    ) {
        self.prefix = Array(prefix.utf8)
        self.letters = letters
        self.least = least
        self.name = name
        self.inside = Array(inside.utf8)
    }

    /// The length of the key that begins at a place; nil when none does.
    func length(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        guard start + prefix.count + least <= bytes.count else { return nil }
        for (offset, byte) in prefix.enumerated() where bytes[start + offset] != byte { return nil }
        if !inside.isEmpty, start > 0, letters.contains(bytes[start - 1]) { return nil }
        var end = start + prefix.count
        while end < bytes.count, letters.contains(bytes[end]) { end += 1 }
        guard end - start - prefix.count >= least else { return nil }
        guard inside.isEmpty || bytes[start..<end].contains(inside) else { return nil }
        return end - start
    }

    /// The forms that are looked for.
    ///
    /// Where a service has said how its keys look, that is taken; lengths are the shortest known.
    static let all: [SecretForm] = [
        SecretForm("AKIA", .upper, 16, "a cloud access key"),
        SecretForm("ASIA", .upper, 16, "a cloud access key"),
        SecretForm("ABIA", .upper, 16, "a cloud access key"),
        SecretForm("ACCA", .upper, 16, "a cloud access key"),
        SecretForm("AIza", .word, 35, "a cloud key"),
        SecretForm("ya29.", .word, 30, "a cloud token"),
        SecretForm("GOCSPX-", .word, 28, "a cloud client secret"),
        SecretForm("dop_v1_", .hexadecimal, 64, "a cloud token"),
        SecretForm("doo_v1_", .hexadecimal, 64, "a cloud token"),
        SecretForm("ghp_", .alphanumeric, 36, "a repository token"),
        SecretForm("gho_", .alphanumeric, 36, "a repository token"),
        SecretForm("ghu_", .alphanumeric, 36, "a repository token"),
        SecretForm("ghs_", .alphanumeric, 36, "a repository token"),
        SecretForm("ghr_", .alphanumeric, 36, "a repository token"),
        SecretForm("github_pat_", .word, 49, "a repository token"),
        SecretForm("glpat-", .word, 20, "a repository token"),
        SecretForm("glptt-", .word, 40, "a repository token"),
        SecretForm("npm_", .alphanumeric, 36, "a package token"),
        SecretForm("pypi-AgE", .word, 50, "a package token"),
        SecretForm("xoxb-", .word, 25, "a chat token"),
        SecretForm("xoxp-", .word, 25, "a chat token"),
        SecretForm("xoxa-", .word, 25, "a chat token"),
        SecretForm("xoxr-", .word, 25, "a chat token"),
        SecretForm("xoxs-", .word, 25, "a chat token"),
        SecretForm("xoxe.", .dotted, 25, "a chat token"),
        SecretForm("xoxe-", .word, 25, "a chat token"),
        SecretForm("xapp-", .word, 25, "a chat token"),
        SecretForm("https://hooks.slack.com/", .address, 30, "the address of a chat hook"),
        SecretForm("https://discord.com/api/webhooks/", .address, 40, "the address of a chat hook"),
        SecretForm("sk_live_", .alphanumeric, 20, "a payment key"),
        SecretForm("sk_test_", .alphanumeric, 20, "a payment key"),
        SecretForm("rk_live_", .alphanumeric, 20, "a payment key"),
        SecretForm("rk_test_", .alphanumeric, 20, "a payment key"),
        SecretForm("whsec_", .alphanumeric, 24, "the secret of a webhook"),
        SecretForm("shpat_", .hexadecimal, 32, "a shop's token"),
        SecretForm("SG.", .dotted, 60, "a mail key"),
        SecretForm("sk-ant-", .word, 33, "a model key"),
        SecretForm("sk-proj-", .word, 32, "a model key"),
        SecretForm("sk-svcacct-", .word, 32, "a model key"),
        SecretForm("sk-admin-", .word, 32, "a model key"),
        SecretForm("sk-or-v1-", .hexadecimal, 64, "a model key"),
        SecretForm("sk-", .alphanumeric, 40, "a model key"),
        SecretForm("hf_", .alphanumeric, 34, "a model key"),
        SecretForm("gsk_", .alphanumeric, 48, "a model key"),
        SecretForm("xai-", .alphanumeric, 70, "a model key"),
        SecretForm("AGE-SECRET-KEY-1", .upper, 50, "a private key"),
        SecretForm("Bearer ", .dotted, 30, "a bearer token"),
        SecretForm("eyJ", .dotted, 60, "a signed token", holding: ".eyJ"),
    ]

    /// For each first byte, the forms that begin with it.
    static let byFirst: [[SecretForm]] = {
        var table = [[SecretForm]](repeating: [], count: 256)
        for form in all { table[Int(form.prefix[0])].append(form) }
        return table
    }()
}

extension Collection<UInt8> {
    /// Whether the bytes hold others in one piece.
    func contains(_ other: [UInt8]) -> Bool {
        guard let first = other.first else { return true }
        var rest = self[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: other) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
