// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The `packed-refs` file: many references in one file, which a loose file of the same name beats.
struct PackedReferences: Sendable {
    private(set) var ids: [String: ObjectID] = [:]
    private var lines: [(name: String?, text: String)] = []

    init() {}

    /// - Throws: `.corrupt` for a line that is neither a reference nor a remark on one.
    init(bytes: [UInt8], at path: String) throws(GitError) {
        for line in bytes.split(separator: 0x0A) {
            let text = line.text
            if text.hasPrefix("#") || text.hasPrefix("^") {
                let owner = text.hasPrefix("^") ? lines.last?.name : nil
                lines.append((owner, text))
                continue
            }
            let name = String(text.dropFirst(41))
            guard let id = ObjectID(hex: text.prefix(40)), !name.isEmpty else {
                throw GitError.corrupt("read packed references", at: path, "malformed line")
            }
            ids[name] = id
            lines.append((name, text))
        }
    }

    /// The file with some more references, or other values of those it has.
    ///
    /// They must stand for commits: of a tag, the file would have to say what it stands for.
    func encoded(adding added: [(name: String, id: ObjectID)]) -> [UInt8] {
        let header = "# pack-refs with: peeled fully-peeled sorted "
        let remarks = lines.filter { $0.name == nil }.map(\.text)
        var entries: [String: [String]] = [:]
        for line in lines {
            if let name = line.name { entries[name, default: []].append(line.text) }
        }
        for (name, id) in added { entries[name] = ["\(id) \(name)"] }
        // Whether all tags say what they stand for is known only of a file that says so.
        let isPeeled = remarks.isEmpty || remarks.contains { $0.contains("fully-peeled") }
        var texts = isPeeled ? [header] : remarks.filter { !$0.contains("sorted") }
        let names = entries.keys.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
        for name in names { texts += entries[name] ?? [] }
        return Array(texts.map { $0 + "\n" }.joined().utf8)
    }

    /// The file without one reference.
    func encoded(without name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines where line.name != name {
            bytes.append(contentsOf: line.text.utf8)
            bytes.append(0x0A)
        }
        return bytes
    }
}
