// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The key that a sender of webhooks and the desk share; it never shows itself in a text.
public struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    let key: [UInt8]

    /// The most secrets of one webhook that are valid at a time.
    public static let limit = 8

    /// Reads the secrets in a file: one a line, blank lines apart.
    ///
    /// In the standard style a secret is `whsec_` and base64 of 24 to 64 bytes; in GitHub's it is
    /// any text of 16 to 256 bytes, taken as it stands.
    /// - Throws: A ``DeskError`` that tells the line and never what stands there.
    public static func read(
        _ text: String,
        style: WebhookStyle,
        file: String
    ) throws(DeskError) -> [WebhookSecret] {
        var secrets: [WebhookSecret] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            guard let secret = WebhookSecret(String(line), style: style) else {
                throw DeskError(
                    code: .configuration,
                    file: file,
                    line: index + 1,
                    message: style.secretForm
                )
            }
            secrets.append(secret)
        }
        guard (1...limit).contains(secrets.count) else {
            throw DeskError(
                code: .configuration,
                file: file,
                message: "a webhook has 1 to \(limit) secrets, one a line; found \(secrets.count)"
            )
        }
        return secrets
    }

    /// Reads one secret; nil when it does not have the style's form.
    public init?(_ text: String, style: WebhookStyle) {
        switch style {
        case .standard:
            guard text.hasPrefix("whsec_"),
                let key = Base64Text.bytes(of: text.dropFirst(6)), (24...64).contains(key.count)
            else { return nil }
            self.key = key
        case .github:
            guard (16...256).contains(text.utf8.count) else { return nil }
            key = Array(text.utf8)
        }
    }

    /// What the style of Standard Webhooks signs a message with.
    public func signature(of body: [UInt8], id: String, stamp: String) -> String {
        let code = MessageCode(of: [Array("\(id).\(stamp).".utf8), body], key: key)
        var text = Array("v1,".utf8)
        Base64.append(code.bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// A text without the secret.
    public var description: String { "a webhook's secret" }

    /// A mirror without the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
