// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import Synchronization

/// What the command `eval` reads besides its words.
enum EvalFiles {
    /// Finds the system's time zones, and reads the file of each only once.
    static func makeZones() -> TimeZoneResolver {
        let known = ZoneFiles()
        return { known.file(named: $0) }
    }

    /// The bytes of a file by its path.
    static func read(_ path: String, limitBytes: Int) throws(FileError) -> [UInt8] {
        guard let slash = path.lastIndex(of: "/") else {
            return try Folder(".").read(path, limitBytes: limitBytes)
        }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        let name = String(path[path.index(after: slash)...])
        return try Folder(folder).read(name, limitBytes: limitBytes)
    }
}

/// The files of time zones read so far; there are about six hundred in all.
private final class ZoneFiles: Sendable {
    private let files = Mutex<[String: [UInt8]]>([:])

    func file(named name: String) -> [UInt8]? {
        files.withLock { files in
            if let known = files[name] { return known }
            // A zone that cannot be read is one that the expression may not name.
            let found = try? Folder("/usr/share/zoneinfo").read(name, limitBytes: 1 << 20)
            files[name] = found
            return found
        }
    }
}
