// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
import Desk
import Git

extension OpenDesk {
    /// Opens the desk in a folder with the configuration with which it was up last, for somebody
    /// who only looks; nil when it never was, or when that one cannot be used either.
    ///
    /// Skills are not checked.
    /// - Throws: A `GitError` when the folder is no repository, and a `FileError`.
    public static func openLastGood(
        at path: String,
        zones: ZoneDatabase = .none
    ) throws -> OpenDesk? {
        let folder = DeskFolder(path)
        let name = DeskConfiguration.fileName
        guard let bytes = try folder.runtime.readIfPresent(name, limitBytes: 1 << 20) else {
            return nil
        }
        let text = String(decoding: bytes, as: UTF8.self)
        // A later version may have kept what this one does not know; the newer file is told then.
        guard let configuration = try? DeskConfiguration(parsing: text, zones: zones) else {
            return nil
        }
        return OpenDesk(
            folder: folder,
            repository: try Repository.open(at: path),
            configuration: configuration,
            configurationText: text,
            secrets: try KnownSecrets.load(folder)
        )
    }
}
