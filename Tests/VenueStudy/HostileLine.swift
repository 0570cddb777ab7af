// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// A line between two parties that drops, delays, doubles and reorders what it carries.
struct HostileLine<Message> {
    private var waiting: [(due: Int, message: Message)] = []
    /// How long anything may be on its way.
    static var longestDelay: Int { 30 }

    var isEmpty: Bool { waiting.isEmpty }

    mutating func carry(_ message: Message, now: Int, _ random: inout SeededRandom, isCalm: Bool) {
        guard !isCalm else {
            waiting.append((now + 1, message))
            return
        }
        if Int.random(in: 0..<6, using: &random) == 0 { return }
        let copies = Int.random(in: 0..<6, using: &random) == 0 ? 2 : 1
        for _ in 0..<copies {
            let isQuick = Int.random(in: 0..<3, using: &random) > 0
            let delay = Int.random(in: 1...(isQuick ? 3 : Self.longestDelay), using: &random)
            waiting.append((now + delay, message))
        }
    }

    /// What arrives now, in any order.
    mutating func arrivals(now: Int, _ random: inout SeededRandom) -> [Message] {
        let due = waiting.filter { $0.due <= now }.map(\.message)
        waiting.removeAll { $0.due <= now }
        return due.shuffled(using: &random)
    }
}
