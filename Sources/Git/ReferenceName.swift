// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The rules for names of references, which are also paths of files.
enum ReferenceName {
    /// - Throws: `.invalid` when git would refuse the name.
    static func require(_ name: String, _ operation: String) throws(GitError) {
        guard isValid(name) else {
            throw GitError(.invalid, operation, at: name, "not a valid name for a reference")
        }
    }

    /// Whether a branch can have that name.
    ///
    /// Git takes some for something else: an option, or the commit that is checked out.
    static func isBranch(_ branch: String) -> Bool {
        isValid("refs/heads/" + branch) && !branch.hasPrefix("-") && branch != "HEAD"
            && branch != "@"
    }

    static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard name.hasPrefix("refs/"), bytes.count <= 1024 else { return false }
        let forbidden = Set(" ~^:?*[\\".utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !forbidden.contains($0) }) else {
            return false
        }
        guard !name.contains(".."), !name.contains("@{") else { return false }
        let parts = bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
        return parts.count >= 3
            && parts.allSatisfy { part in
                !part.isEmpty && part.count <= 250 && part.first != 0x2E && part.last != 0x2E
                    && !part.text.hasSuffix(".lock")
            }
    }
}

extension ArraySlice<UInt8> {
    var text: String { String(decoding: self, as: UTF8.self) }
}
