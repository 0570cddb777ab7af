// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Walks through folders that an agent can write and renames what could harm whoever works there.
///
/// Bounded: what is beyond is left, and said.
struct FolderSweep {
    /// The most entries that are looked at in one sweep.
    static let entryLimit = 50_000
    /// The deepest folder that is looked at.
    static let depthLimit = 64
    /// The most findings of one sweep; more are counted.
    static let findingLimit = 100

    private(set) var findings: [SweepFinding] = []
    private var entriesLeft = Self.entryLimit

    /// Which names are renamed in a folder.
    struct Rules {
        /// Names that others than git act on as well.
        var tools = false
        /// Names that are left alone, with all that is in them.
        var known: Set<String> = []
    }

    /// Sweeps a folder and everything in it; the rules hold for its own entries only.
    mutating func sweep(
        _ folder: borrowing UntrustedFolder,
        at path: String,
        _ rules: Rules = Rules(),
        depth: Int = 0
    ) {
        let entries: [UntrustedFolder.Entry]
        do {
            entries = try folder.entries(atMost: max(0, entriesLeft))
        } catch {
            return leave(path, error.reason)
        }
        entriesLeft -= entries.count
        let isRepository = Self.looksLikeRepository(entries)
        for entry in entries {
            let isKnown =
                !rules.known.isEmpty
                && rules.known.contains(String(decoding: entry.name, as: UTF8.self))
            guard !isKnown else { continue }
            var name = entry.name
            let isHarmful =
                HarmfulName.isGits(name) || (rules.tools && HarmfulName.isTools(name))
                || (isRepository && name.elementsEqual("HEAD".utf8))
            if isHarmful {
                guard let new = defuse(name, in: folder, at: path) else { continue }
                name = new
            }
            guard entry.kind == .folder else { continue }
            let place = Self.join(path, name)
            guard depth < Self.depthLimit else {
                leave(place, "folders are nested more than \(Self.depthLimit) deep")
                continue
            }
            do {
                sweep(try folder.folder(name), at: place, depth: depth + 1)
            } catch {
                // One that is gone, or a link by now, leads nowhere.
                guard error.code != .notFound, error.code != .wrongKind else { continue }
                leave(place, error.reason)
            }
        }
    }

    /// Renames one entry; nil when it is gone or keeps its name.
    mutating func defuse(
        _ name: [UInt8],
        in folder: borrowing UntrustedFolder,
        at path: String
    ) -> [UInt8]? {
        let place = Self.join(path, name)
        do {
            guard let new = try folder.setAside(name, as: HarmfulName.defused(name)) else {
                return nil
            }
            note(SweepFinding(path: place, action: .renamed(to: Self.text(new))))
            return new
        } catch {
            leave(place, error.reason)
            return nil
        }
    }

    mutating func note(_ finding: SweepFinding) {
        guard findings.count < Self.findingLimit else { return }
        findings.append(finding)
    }

    mutating func leave(_ path: String, _ reason: String) {
        note(SweepFinding(path: path, action: .left(reason: reason)))
    }

    /// Whether git would take a folder with these entries for a repository.
    private static func looksLikeRepository(_ entries: [UntrustedFolder.Entry]) -> Bool {
        guard entries.contains(where: { $0.name.elementsEqual("HEAD".utf8) }) else { return false }
        return entries.contains { entry in
            ["objects", "refs", "commondir", "config"].contains {
                entry.name.elementsEqual($0.utf8)
            }
        }
    }

    private static func join(_ path: String, _ name: [UInt8]) -> String {
        path.isEmpty ? text(name) : "\(path)/\(text(name))"
    }

    private static func text(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self) }
}
