// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Spoils an answer in one to six places.
struct ReplyTwist {
    /// A spoiled text; now and then it is left as it is.
    static func text(_ text: String, _ random: inout SeededRandom) -> String {
        var bytes = Array(text.utf8)
        let count = Int.random(in: 0...6, using: &random)
        for _ in 0..<count { twist(&bytes, &random) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A spoiled list of events, spoiled in their order and inside.
    static func events(_ events: [String], _ random: inout SeededRandom) -> [String] {
        var events = events
        switch Int.random(in: 0..<8, using: &random) {
        case 0: events.shuffle(using: &random)
        case 1: events.removeLast(Int.random(in: 0...events.count, using: &random))
        case 2: events.insert(contentsOf: events, at: 0)
        case 3: events.remove(at: Int.random(in: 0..<events.count, using: &random))
        default: break
        }
        guard Int.random(in: 0..<4, using: &random) > 0, !events.isEmpty else { return events }
        let index = Int.random(in: 0..<events.count, using: &random)
        events[index] = text(events[index], &random)
        return events
    }

    private static func twist(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard !bytes.isEmpty else {
            bytes = token(&random)
            return
        }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 3: bytes.insert(contentsOf: token(&random), at: place)
        case 4: bytes.replaceSubrange(place..<end, with: token(&random))
        case 5: bytes.removeSubrange(place...)
        case 6: bytes = token(&random) + bytes
        default: bytes += token(&random)
        }
    }

    private static func token(_ random: inout SeededRandom) -> [UInt8] {
        let index = Int.random(in: 0..<ReplyCorpus.tokens.count, using: &random)
        return Array(ReplyCorpus.tokens[index].utf8)
    }
}
