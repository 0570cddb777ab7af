// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Looks for what must never be committed: keys of well-known forms.
enum SecretScan {
    private static let marks: [(prefix: String, length: Int, name: String)] = [
        ("AKIA", 20, "a cloud access key"),
        ("ghp_", 40, "a repository token"),
        ("github_pat_", 60, "a repository token"),
        ("sk-ant-", 40, "a model key"),
        ("sk-proj-", 40, "a model key"),
        ("xoxb-", 30, "a chat token"),
    ]

    /// What the header line of a private key begins with and holds, whatever kind of key it is.
    private static let keyHeader = (prefix: "-----BEGIN ", mark: "PRIVATE KEY", length: 64)

    /// The kind of secret that the bytes seem to hold; nil when there is none.
    static func find(in bytes: [UInt8]) -> String? {
        if hasPrivateKey(bytes) { return "a private key" }
        for mark in marks {
            let prefix = Array(mark.prefix.utf8)
            var start = 0
            while let index = bytes[start...].firstIndex(of: prefix[0]) {
                start = index + 1
                guard bytes[index...].starts(with: prefix) else { continue }
                let body = bytes[index...].prefix { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                        || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
                        || byte == 0x20
                }
                if body.count >= mark.length { return mark.name }
            }
        }
        return nil
    }

    private static func hasPrivateKey(_ bytes: [UInt8]) -> Bool {
        let prefix = Array(keyHeader.prefix.utf8)
        let mark = Array(keyHeader.mark.utf8)
        var start = 0
        while let index = bytes[start...].firstIndex(of: prefix[0]) {
            start = index + 1
            guard bytes[index...].starts(with: prefix) else { continue }
            let header = bytes[index...].prefix(keyHeader.length)
            if header.indices.contains(where: { header[$0...].starts(with: mark) }) { return true }
        }
        return false
    }
}
