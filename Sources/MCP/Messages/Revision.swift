// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A dated version of the protocol.
public enum Revision: String, Sendable, Hashable, CaseIterable, Comparable {
    /// The first one.
    case november2024 = "2024-11-05"
    /// Streamable HTTP; the one assumed when a request over HTTP names none.
    case march2025 = "2025-03-26"
    /// Structured content.
    case june2025 = "2025-06-18"
    /// The last one with a handshake.
    case november2025 = "2025-11-25"
    /// Stateless: no handshake, no session, each request carries what it needs.
    case july2026 = "2026-07-28"

    /// Whether each request stands for itself.
    public var isStateless: Bool { self >= .july2026 }

    /// The newest revision that begins with a handshake.
    public static let newestHandshake = Revision.november2025
    /// The newest stateless revision.
    public static let newestStateless = Revision.july2026

    /// The revisions with a handshake, oldest first.
    static let handshakes = allCases.filter { !$0.isStateless }

    /// Orders revisions by date.
    public static func < (left: Revision, right: Revision) -> Bool {
        left.rawValue < right.rawValue
    }
}
