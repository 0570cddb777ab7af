// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization

/// The last lines of a program's standard error, for people who look for what went wrong.
final class LastLines: Sendable {
    /// The most lines that are kept, and the most characters of one.
    static let lineLimit = 40
    static let lengthLimit = 400

    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func take(_ lines: [ErrorLine]) {
        let texts = lines.compactMap { line -> String? in
            guard case .text(let bytes, _) = line else { return nil }
            return String(String(decoding: bytes, as: UTF8.self).prefix(Self.lengthLimit))
        }
        kept.withLock { kept in
            kept = Array((kept + texts).suffix(Self.lineLimit))
        }
    }
}
