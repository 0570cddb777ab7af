// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions
import Synchronization

/// The time zones of the system, each of which is read only once.
final class SystemZones: Sendable {
    /// The files read so far; there are about six hundred in all.
    private let files = Mutex<[String: [UInt8]]>([:])

    /// Finds a zone for expressions.
    var resolver: TimeZoneResolver {
        { self.file(named: $0) }
    }

    /// Finds zones for schedules.
    var database: ZoneDatabase { ZoneDatabase(files: resolver) }

    private func file(named name: String) -> [UInt8]? {
        files.withLock { files in
            if let known = files[name] { return known }
            // A zone that cannot be read is one that the expression may not name.
            let found = try? Folder("/usr/share/zoneinfo").read(name, limitBytes: 1 << 20)
            files[name] = found
            return found
        }
    }
}
