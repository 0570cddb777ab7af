// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How the sender of a webhook signs it.
public enum WebhookStyle: String, Sendable, Hashable, CaseIterable {
    /// Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
    case standard
    /// As GitHub does: `X-Hub-Signature-256` over the body, `X-GitHub-Delivery` as the id.
    case github

    /// What a secret must look like, for messages.
    var secretForm: String {
        switch self {
        case .standard: "expected 'whsec_' and base64 of 24 to 64 bytes"
        case .github: "expected a secret of 16 to 256 bytes"
        }
    }
}
