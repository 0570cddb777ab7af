// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// How the packs of a desk are told from those of git: by their names alone.
///
/// Git names a pack after the check sum at its end, but asks only that names differ. A desk hashes
/// that check sum once more together with the tier, so after a restart the last twenty bytes of a
/// file show whether the desk wrote it, and no list has to be kept that a crash could spoil.
struct PackName: Hashable, Sendable {
    /// How often the content has been merged: zero for the pack of one batch.
    let tier: Int
    let stem: String

    /// Packs of the last tier are not merged again.
    static let lastTier = 4

    init(tier: Int, packChecksum: [UInt8]) {
        self.tier = tier
        let frame = Array("loopdesk pack tier \(tier)\u{0}".utf8) + packChecksum
        stem = "pack-" + ObjectID(from: frame.sha1, at: 0).description
    }

    /// Recognises a pack by its file name and its last bytes; nil when git wrote it.
    init?(stem: String, packChecksum: [UInt8]) {
        let candidates = (0...Self.lastTier).map { tier in
            PackName(tier: tier, packChecksum: packChecksum)
        }
        guard let name = candidates.first(where: { $0.stem == stem }) else { return nil }
        self = name
    }
}
