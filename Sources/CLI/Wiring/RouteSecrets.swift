// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc

/// Reads the secrets that configuration names, at the only place that knows them.
enum RouteSecrets {
    /// The longest file of a secret.
    private static let fileLimitBytes = 16 << 10

    /// The secret of each route, by its name; one that is not set is left out.
    /// - Throws: A `FileError` for a file that cannot be read.
    static func read(_ routes: [CredentialRoute], in desk: Folder) throws -> [String: String] {
        var secrets: [String: String] = [:]
        for route in routes { secrets[route.name] = try read(route.secret, in: desk) }
        return secrets
    }

    /// One secret; nil when its variable is not set or its file holds nothing.
    /// - Throws: A `FileError` for a file that cannot be read.
    static func read(_ source: SecretSource, in desk: Folder) throws -> String? {
        switch source {
        case .environment(let name): return getenv(name).map { String(cString: $0) }
        case .file(let path):
            let file = NamedFile(path.hasPrefix("/") ? path : desk.path(of: path))
            let bytes = try file.read(limitBytes: fileLimitBytes)
            let text = String(decoding: bytes, as: UTF8.self)
            return text.lastIndex { !$0.isWhitespace }.map { String(text[...$0]) }
        }
    }
}
