// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Looks through a stream for a secret and lets nothing of it pass.
///
/// Only the end of a piece that could be the beginning of the secret is held back, so that a
/// stream of events is not delayed.
struct SecretGuard: Sendable {
    private let secret: [UInt8]
    private var held: [UInt8] = []

    init(_ secret: String?) {
        self.secret = secret.map { Array($0.utf8) } ?? []
    }

    /// What may pass of the next piece; nil when the secret is in the stream.
    mutating func pass(_ piece: [UInt8]) -> [UInt8]? {
        guard !secret.isEmpty else { return piece }
        var bytes = held + piece
        var start = 0
        while let index = bytes[start...].firstIndex(of: secret[0]) {
            if bytes[index...].starts(with: secret) { return nil }
            // A match that the piece cuts off is held back until more comes.
            if secret.starts(with: bytes[index...]) {
                held = Array(bytes[index...])
                bytes.removeSubrange(index...)
                return bytes
            }
            start = index + 1
        }
        held = []
        return bytes
    }

    /// What was held back, once the stream is over.
    mutating func rest() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
