// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// Decides whether a webhook comes from somebody who knows a secret, before anything reads it.
public struct WebhookVerifier: Sendable {
    /// What was found.
    public enum Verdict: Sendable, Hashable {
        /// The signature is right; the id tells a repetition from something new.
        case genuine(id: String)
        /// A header that the style needs is missing or malformed.
        case malformed
        /// No valid signature by any of the secrets, or one made too long ago or ahead.
        case refused
    }

    private let style: WebhookStyle
    private let secrets: [WebhookSecret]

    /// How far the time stamp of a message may lie from the present, in seconds.
    public static let toleranceSeconds: Int64 = 300
    /// How long ids must be remembered at least: twice the tolerance, in seconds.
    ///
    /// A sender repeats what was not answered for days, with the same id and a new time stamp, and
    /// a message in GitHub's style has no time stamp at all; so remembering for longer is better.
    public static let memorySeconds: Int64 = 2 * toleranceSeconds
    /// The most signatures of one message that are looked at.
    static let signatureLimit = 16

    /// Takes every message, for senders on this computer; one without an id counts as new.
    public static let unsigned = WebhookVerifier(unsigned: .standard)

    private init(unsigned style: WebhookStyle) {
        self.style = style
        secrets = []
    }

    /// Creates a verifier; during a change of secrets several are valid.
    public init(style: WebhookStyle, secrets: [WebhookSecret]) {
        precondition(!secrets.isEmpty, "a webhook without a secret cannot be verified")
        self.style = style
        self.secrets = secrets
    }

    /// Checks a message.
    /// - Parameters:
    ///   - body: The body exactly as it came.
    ///   - now: The present.
    ///   - header: Finds the only value of a header by its lowercase name; nil when it is missing
    ///     or stands there twice.
    /// - Returns: What was found.
    public func verify(
        body: [UInt8],
        now: Instant,
        header: (String) -> String?
    ) -> Verdict {
        guard !secrets.isEmpty else { return verifyUnsigned(body, now, header) }
        return switch style {
        case .standard: verifyStandard(body, now, header)
        case .github: verifyGitHub(body, header)
        }
    }

    private func verifyUnsigned(
        _ body: [UInt8],
        _ now: Instant,
        _ header: (String) -> String?
    ) -> Verdict {
        let given = header("webhook-id") ?? header("x-github-delivery")
        let made = "\(now.nanosecondsSinceEpoch)-\(ContentHash(of: body).short)"
        let id = given ?? made
        return TriggerRequest.isID(id) ? .genuine(id: id) : .malformed
    }

    private func verifyStandard(
        _ body: [UInt8],
        _ now: Instant,
        _ header: (String) -> String?
    ) -> Verdict {
        guard let signatures = header("webhook-signature") else { return .refused }
        guard let id = header("webhook-id"), TriggerRequest.isID(id), !id.contains("."),
            let stamp = header("webhook-timestamp"), let seconds = Self.seconds(stamp)
        else { return .malformed }
        let age = now.secondsSinceEpoch - seconds
        guard abs(age) <= Self.toleranceSeconds else { return .refused }
        let codes = secrets.map {
            MessageCode(of: [Array("\(id).\(stamp).".utf8), body], key: $0.key)
        }
        let claimed = signatures.split(separator: " ").prefix(Self.signatureLimit)
            .filter { $0.hasPrefix("v1,") }
            .compactMap { Base64Text.bytes(of: $0.dropFirst(3)) }
        return isMatch(codes, claimed) ? .genuine(id: id) : .refused
    }

    private func verifyGitHub(_ body: [UInt8], _ header: (String) -> String?) -> Verdict {
        guard let signature = header("x-hub-signature-256") else { return .refused }
        guard let id = header("x-github-delivery"), TriggerRequest.isID(id) else {
            return .malformed
        }
        guard signature.hasPrefix("sha256="), let claimed = Self.bytes(hex: signature.dropFirst(7))
        else { return .refused }
        let codes = secrets.map { MessageCode(of: [body], key: $0.key) }
        return isMatch(codes, [claimed]) ? .genuine(id: id) : .refused
    }

    /// Whether any code was claimed; all are compared, so that time tells nothing.
    private func isMatch(_ codes: [MessageCode], _ claimed: [[UInt8]]) -> Bool {
        var isFound = false
        for code in codes {
            for bytes in claimed where code.matches(bytes) { isFound = true }
        }
        return isFound
    }

    /// Whole seconds since 1970 of at most eleven digits, so that nothing overflows.
    private static func seconds(_ text: String) -> Int64? {
        guard (1...11).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int64(text)
    }

    private static func bytes(hex text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: 64, by: 2) {
            guard let high = value(digits[place]), let low = value(digits[place + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
