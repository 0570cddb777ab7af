// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The text files of the repository that these tests were compiled from.
struct SourceTree {
    /// The files, sorted by path.
    let files: [SourceFile]

    /// The tree, read once for all tests.
    private static let loading = Task { try await load(requireRoot()) }

    /// The tree on disk.
    static func requireLoaded() async throws -> SourceTree { try await loading.value }

    func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

    /// All violations that a check finds in the tree.
    func violations(_ check: (SourceFile) -> [Violation]) -> [Violation] { files.flatMap(check) }

    /// The tree below a folder: what git lists in a checkout, every file elsewhere.
    static func load(_ root: String) async throws -> SourceTree {
        let paths = try await trackedPaths(root) ?? walkedPaths(root)
        let files = try paths.sorted().compactMap { path -> SourceFile? in
            guard isText(path), isRegularFile("\(root)/\(path)") else { return nil }
            let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
            return SourceFile(path: path, text: text)
        }
        return SourceTree(files: files)
    }

    /// The folder with `Package.swift` above this file, links resolved.
    private static func requireRoot() throws -> String {
        var url = URL(filePath: #filePath).resolvingSymlinksInPath()
        while url.path != "/" {
            url.deleteLastPathComponent()
            if isRegularFile(url.appending(path: "Package.swift").path) { return url.path }
        }
        throw SupportError("there is no Package.swift above \(#filePath); run where it was built")
    }

    /// What git tracks and what it would add; nil outside a checkout that git can read.
    private static func trackedPaths(_ root: String) async throws -> [String]? {
        guard FileManager.default.fileExists(atPath: "\(root)/.git") else { return nil }
        let result = try await GitCommand(in: root).run(
            ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
            allowsFailure: true
        )
        guard result.isSuccess else { return nil }
        return result.stdout.split(separator: "\0").map(String.init)
    }

    /// Every file below the root, but for folders whose name starts with a dot, save `.ci`.
    private static func walkedPaths(_ root: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: root) else { return [] }
        var paths: [String] = []
        while let path = walk.nextObject() as? String {
            let name = path.split(separator: "/").last ?? ""
            if name.hasPrefix("."), name != ".ci" {
                walk.skipDescendants()
            } else {
                paths.append(path)
            }
        }
        return paths
    }

    private static func isText(_ path: String) -> Bool {
        let endings = [
            ".swift", ".c", ".h", ".modulemap", ".md", ".yml", ".yaml", ".sh", "Makefile",
            ".gitignore", ".ci/run",
        ]
        return endings.contains { path.hasSuffix($0) }
    }

    private static func isRegularFile(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
