// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

/// The folders of the system that every child may read: programs, libraries, and what the loader
/// and time zones need of `/etc`.
public struct SystemView: Sendable, Hashable {
    /// A link at the top, such as `/bin` to `usr/bin`.
    public struct Link: Sendable, Hashable {
        /// Where it stands.
        public let path: String
        /// What it says.
        public let target: String
    }

    /// Folders and files, parents first.
    public let paths: [String]
    /// The links.
    public let links: [Link]

    /// Looks at this computer.
    ///
    /// What this program itself was linked with counts as the system's, because ours are all
    /// built alike and may need a library that lies elsewhere.
    public static func look() -> SystemView {
        var paths = ["/usr"]
        var links: [Link] = []
        for name in ["bin", "lib", "lib32", "lib64", "libx32", "sbin"] {
            let path = "/\(name)"
            if let target = target(of: path) {
                links.append(Link(path: path, target: target))
            } else if access(path, F_OK) == 0 {
                paths.append(path)
            }
        }
        let files = ["alternatives", "ld.so.cache", "localtime", "ssl/certs"].map { "/etc/\($0)" }
        paths += files.filter { access($0, F_OK) == 0 }
        for folder in libraryFolders.sorted() {
            let isThere = (paths + links.map(\.path)).contains { Sandbox.holds($0, folder) }
            if !isThere { paths.append(folder) }
        }
        return SystemView(paths: paths, links: links)
    }

    private static func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink(path, &buffer, buffer.count - 1)
        guard length > 0 else { return nil }
        return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The folders of the libraries that this process has loaded.
    private static var libraryFolders: Set<String> {
        var folders: Set<String> = []
        var index: Int32 = 0
        while let name = desk_library(index) {
            index += 1
            let path = String(cString: name)
            guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { continue }
            folders.insert(String(path[..<slash]))
        }
        return folders
    }
}
