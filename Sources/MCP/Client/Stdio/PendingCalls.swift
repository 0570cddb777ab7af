// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Processes

/// The requests that wait for an answer, and until when; a value that knows no clock.
struct PendingCalls {
    typealias Answer = Result<JSON, MCPError>

    struct Entry {
        let request: OutgoingRequest
        /// When it ends, whatever is told until then.
        let end: MonotonicInstant
        /// When it ends unless progress is told before.
        var idleEnd: MonotonicInstant
        var lastProgress = -Double.infinity
        let resume: @Sendable (Answer) -> Void

        var deadline: MonotonicInstant { min(end, idleEnd) }
    }

    private var entries: [Int64: Entry] = [:]

    var count: Int { entries.count }

    /// The earliest moment at which one of them has waited long enough.
    var nextDeadline: MonotonicInstant {
        entries.values.map(\.deadline).min() ?? .distantFuture
    }

    mutating func add(
        _ request: OutgoingRequest,
        now: MonotonicInstant,
        resume: @escaping @Sendable (Answer) -> Void
    ) {
        entries[request.number] = Entry(
            request: request,
            end: now.advanced(by: request.limits.total),
            idleEnd: now.advanced(by: request.limits.idle),
            resume: resume
        )
    }

    /// Takes out the one that an answer belongs to; nil for an answer that nobody waits for, such
    /// as a second one, a late one or one with a made-up id.
    mutating func take(_ id: RequestID?) -> Entry? {
        guard case .number(let number) = id else { return nil }
        return entries.removeValue(forKey: number)
    }

    /// Notes progress; nil when nobody waits for it, or when it does not rise.
    mutating func note(
        _ progress: Progress,
        of token: RequestID?,
        now: MonotonicInstant
    ) -> (@Sendable (Progress) -> Void)? {
        guard case .number(let number) = token, var entry = entries[number],
            progress.value > entry.lastProgress
        else { return nil }
        entry.lastProgress = progress.value
        entry.idleEnd = now.advanced(by: entry.request.limits.idle)
        entries[number] = entry
        return entry.request.onProgress ?? { _ in }
    }

    /// Takes out those that have waited long enough, oldest first.
    mutating func takeExpired(now: MonotonicInstant) -> [Entry] {
        let numbers = entries.filter { $0.value.deadline <= now }.keys.sorted()
        return numbers.compactMap { entries.removeValue(forKey: $0) }
    }

    /// Takes out all, oldest first.
    mutating func takeAll() -> [Entry] {
        let numbers = entries.keys.sorted()
        return numbers.compactMap { entries.removeValue(forKey: $0) }
    }
}
