// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What a probe wrote to its standard error.
final class ProbeErrors: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String? {
        lines.withLock { $0.isEmpty ? nil : $0.joined(separator: "; ") }
    }

    @Sendable
    func take(_ new: [ErrorLine]) {
        lines.withLock { lines in
            for case .text(let bytes, _) in new.prefix(max(0, 8 - lines.count)) {
                lines.append(String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
