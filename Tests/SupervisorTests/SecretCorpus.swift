// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Made-up secrets of every form that services give out, and what a desk writes that is none.
struct SecretCorpus {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private static let digits = Array("0123456789")
    private static let lower = Array("abcdefghijklmnopqrstuvwxyz")
    private static let upper = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    private static let alphanumeric = lower + upper + digits
    private static let hexadecimal = Array("0123456789abcdef")
    private static let base64 = alphanumeric + ["+", "/"]
    private static let word = alphanumeric + ["-", "_"]

    mutating func text(_ letters: [Character], _ count: Int) -> String {
        String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }

    // MARK: - Secrets

    /// Each form by its service, so many of each.
    mutating func planted(perForm count: Int) -> [(name: String, secret: String)] {
        (0..<count).flatMap { _ in keys() + assigned() }
    }

    private mutating func keys() -> [(name: String, secret: String)] {
        let (any, hex, word, caps) = (Self.alphanumeric, Self.hexadecimal, Self.word, Self.upper)
        let claims = "eyJ" + text(Self.word, 40) + ".eyJ" + text(Self.word, 60) + "."
        return [
            ("AWS", "AKIA" + text(caps + Self.digits, 16)),
            ("AWS session", "ASIA" + text(caps + Self.digits, 16)),
            ("Google", "AIza" + text(word, 35)),
            ("Google OAuth", "ya29." + text(word, 80)),
            ("Google client", "GOCSPX-" + text(word, 28)),
            ("GitHub", "ghp_" + text(any, 36)),
            ("GitHub app", "ghs_" + text(any, 36)),
            ("GitHub fine", "github_pat_" + text(any, 22) + "_" + text(any, 59)),
            ("GitLab", "glpat-" + text(word, 20)),
            ("Slack bot", "xoxb-" + text(Self.digits, 12) + "-" + text(any, 24)),
            ("Slack user", "xoxp-" + text(Self.digits, 12) + "-" + text(any, 32)),
            ("Slack hook", "https://hooks.slack.com/services/T0/B0/" + text(any, 24)),
            ("Stripe", "sk_live_" + text(any, 24)),
            ("Stripe restricted", "rk_live_" + text(any, 24)),
            ("webhook", "whsec_" + text(any, 32)),
            ("OpenAI", "sk-" + text(any, 20) + "T3BlbkFJ" + text(any, 20)),
            ("OpenAI project", "sk-proj-" + text(word, 74)),
            ("Anthropic", "sk-ant-api03-" + text(word, 93) + "AA"),
            ("Hugging Face", "hf_" + text(any, 34)),
            ("npm", "npm_" + text(any, 36)),
            ("PyPI", "pypi-AgEIcHlwaS5vcmc" + text(word, 60)),
            ("SendGrid", "SG." + text(word, 22) + "." + text(word, 43)),
            ("DigitalOcean", "dop_v1_" + text(hex, 64)),
            ("JWT", claims + text(word, 43)),
            ("bearer", "Bearer " + text(word, 40)),
            ("address", "postgres://desk:" + text(any, 12) + "@db.example.com/desk"),
            ("key", Self.key("PRIVATE KEY", text(Self.base64, 64))),
            ("RSA key", Self.key("RSA PRIVATE KEY", text(Self.base64, 64))),
            ("OpenSSH key", Self.key("OPENSSH PRIVATE KEY", text(Self.base64, 64))),
            ("PGP key", Self.key("PGP PRIVATE KEY BLOCK", text(Self.base64, 64))),
        ]
    }

    private mutating func assigned() -> [(name: String, secret: String)] {
        let (any, hex) = (Self.alphanumeric, Self.hexadecimal)
        return [
            ("AWS secret", "aws_secret_access_key = " + text(Self.base64, 40)),
            ("broker secret", "APCA_API_SECRET_KEY=" + text(any, 40)),
            ("api key", "api_key: '" + text(any, 32) + "'"),
            ("password", "DB_PASSWORD=" + text(any, 24)),
            ("client secret", "clientSecret: " + text(Self.word, 32)),
            ("hex token", "auth_token = " + text(hex, 40)),
        ]
    }

    private static func key(_ kind: String, _ body: String) -> String {
        "-----BEGIN \(kind)-----\n\(body)\n-----END \(kind)-----"
    }

    /// A secret as it gets into a signal, a note, a memory and settings.
    static func settings(of secret: String) -> [String] {
        let signal: JSON = ["schema": 1, "body": ["text": .string("it is \(secret) today")]]
        return [
            String(decoding: signal.compactBytes, as: UTF8.self),
            "I found this:\n\n    \(secret)\n\nand used it.\n",
            "---\nturn: 3\n---\nkey \(secret)\n",
        ]
    }

    // MARK: - What is none

    /// Lines as they stand in signals, notes, memories and messages of commits.
    mutating func harmless(_ count: Int) -> [String] {
        (0..<count).map { index in
            let (hash, id) = (text(Self.hexadecimal, 64), text(Self.hexadecimal, 12))
            let (commit, signature) = (text(Self.hexadecimal, 40), text(Self.base64, 86) + "==")
            switch index % 10 {
            case 0: return #"{"family":"trend","strategy_hash":"\#(hash)","trials":720}"#
            case 1: return #"{"intent":"intent-\#(id)","order":"o-\#(id)","state":"filled"}"#
            case 2: return "Data: sha256:\(hash)\nRead: agents/verifier \(commit)\nTokens: 1234"
            case 3: return #"{"signature":"\#(signature)","secret":false,"token_count":812}"#
            case 4: return "enter: ema(close, 20) > ema(close, 50) && rsi(close, 14) < 70"
            case 5: return #"{"time":"2000-03-09T21:00:00Z","close":61.8125,"volume":4821300}"#
            case 6: return "seen-\(id): \(hash)\nknown/\(commit): [\"\(id)\",\"\(hash)\"]"
            case 7:
                return "see https://example.com:443/a/\(commit)?page=2@home and \(id)@example.com"
            case 8: return "average-\(index) failed 3 of 7 rules, sharpe -0.\(index % 90 + 10)"
            default: return "The token of the trade is its id, \(id); the password is unknown."
            }
        }
    }
}
