// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Where the supervisor finds a secret; the secret itself never stands in a desk's configuration.
public enum SecretSource: Sendable, Hashable, CustomStringConvertible {
    /// A variable of the supervisor's environment.
    case environment(String)
    /// A file, relative to the desk or absolute.
    case file(String)

    /// What a source may look like, for messages.
    public static let form = "env:VARIABLE or file:PATH, never the secret itself"

    /// Reads `env:NAME` or `file:PATH`; nil for anything else.
    public init?(_ text: String) {
        if text.hasPrefix("env:"), Self.isVariable(text.dropFirst(4)) {
            self = .environment(String(text.dropFirst(4)))
        } else if text.hasPrefix("file:"), text.utf8.count > 5, !text.utf8.contains(0) {
            self = .file(String(text.dropFirst(5)))
        } else {
            return nil
        }
    }

    /// The source as it is written.
    public var description: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }

    /// Whether a text can name a variable of an environment.
    static func isVariable(_ text: some StringProtocol) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x41...0x5A).contains($0 & ~0x20) || (48...57).contains($0) || $0 == 0x5F
            }
            && !(48...57).contains(text.utf8.first ?? 48)
    }
}
