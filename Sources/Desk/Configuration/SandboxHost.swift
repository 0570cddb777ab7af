// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A host that an agent may speak to: `api.example.com`, `*.example.org` or `data.example.net:8443`.
public struct SandboxHost: Sendable, Hashable, CustomStringConvertible {
    /// The name in lower case; one that begins with `*.` stands for every host below.
    public let name: String
    /// The port; 443 when none is written.
    public let port: Int

    /// What a host has to look like, for messages.
    static let form = "a host such as api.example.com, *.example.org or data.example.net:8443"

    /// Reads a host; nil when it is no name or the port is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, Self.isName(name.hasPrefix("*.") ? name.dropFirst(2) : name)
        else { return nil }
        let port = parts.count == 2 ? Int(parts[1]) : 443
        guard let port, (1...65_535).contains(port) else { return nil }
        self.name = name.lowercased()
        self.port = port
    }

    private static func isName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy {
                        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                            || (0x61...0x7A).contains($0) || $0 == 0x2D
                    }
            }
    }

    /// The host as it is written, without the usual port.
    public var description: String { port == 443 ? name : "\(name):\(port)" }
}
