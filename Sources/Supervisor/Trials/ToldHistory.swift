// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Git

/// Commits whose whole past stands in the ledger's file, so that a start reads only what is newer.
///
/// It is kept beside the file with a hash of that file as it was then. Once a byte of those is
/// another, or strategies are read in another way, it is worth nothing and all is read again.
struct ToldHistory {
    /// The commits.
    let commits: Set<ObjectID>

    /// The name of the file in its folder.
    static let name = "told"

    private static let lineBytes = 2 * 20 + 1

    init(_ commits: Set<ObjectID> = []) {
        self.commits = commits
    }

    /// What is kept beside the file of the ledger; nothing when it was written for other bytes of
    /// that file, or for those who read strategies in another way.
    static func load(
        beside file: TrialFile,
        saying ledger: [UInt8],
        readBy reader: String
    ) throws -> ToldHistory {
        let bytes = try file.folder.readIfPresent(name, limitBytes: TrialFile.limitBytes) ?? []
        guard let end = bytes.firstIndex(of: 0x0A) else { return ToldHistory() }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        guard words.count == 2, let length = Int(words[0]), 0...ledger.count ~= length,
            words[1] == hash(ledger[..<length], reader).description
        else { return ToldHistory() }
        var commits: Set<ObjectID> = []
        for line in bytes[(end + 1)...].split(separator: 0x0A) {
            guard let id = ObjectID(hex: String(decoding: line, as: UTF8.self)) else { continue }
            commits.insert(id)
        }
        return ToldHistory(commits)
    }

    /// Keeps it for the next start.
    func save(beside file: TrialFile, saying ledger: [UInt8], readBy reader: String) throws {
        var text = "\(ledger.count) \(Self.hash(ledger[...], reader))\n"
        for commit in commits.sorted() { text += "\(commit)\n" }
        try file.folder.create()
        try file.folder.replace(Self.name, with: Array(text.utf8))
    }

    private static func hash(_ ledger: ArraySlice<UInt8>, _ reader: String) -> ContentHash {
        ContentHash(of: Array("\(reader)\n".utf8) + ledger)
    }
}
