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
