// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Glibc

/// The secrets of an agent's routes, read where the configuration says.
enum RouteSecrets {
    /// The longest file of a secret.
    private static let fileLimitBytes = 16 << 10

    /// The secret of each route, by its name; one that is not set is left out.
    /// - Throws: A `FileError` for a file that cannot be read.
    static func read(_ routes: [CredentialRoute], in desk: Folder) throws -> [String: String] {
        var secrets: [String: String] = [:]
        for route in routes {
            switch route.secret {
            case .environment(let name):
                secrets[route.name] = getenv(name).map { String(cString: $0) }
            case .file(let path):
                let file = NamedFile(path.hasPrefix("/") ? path : desk.path(of: path))
                let bytes = try file.read(limitBytes: fileLimitBytes)
                let text = String(decoding: bytes, as: UTF8.self)
                let end = text.lastIndex { !$0.isWhitespace }
                secrets[route.name] = end.map { String(text[...$0]) }
            }
        }
        return secrets
    }
}
