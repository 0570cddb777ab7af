// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The offsets of a time zone from UTC over time, read from a TZif file (RFC 8536).
public struct ZoneRules: Sendable, Hashable {
    /// When the offset changes, in seconds since 1970, oldest first.
    private var transitions: [Int64] = []
    /// The offset from each transition on.
    private var offsets: [Int64] = []
    /// The offset before the first transition.
    private var firstOffset: Int64 = 0
    /// The rule for all time after the last transition.
    private var rule: ZoneRule?

    /// A span of time during which the offset does not change.
    public struct Period: Sendable, Hashable {
        /// The first second, counted from 1970; the smallest number when there is none before.
        public let start: Int64
        /// The second after the last; the largest number when there is none after.
        public let end: Int64
        /// The seconds to add to UTC for the local clock.
        public let offset: Int64
    }

    private init() {}

    /// The rules of UTC, which never change.
    public static let utc = ZoneRules()

    /// No zone is further than this from UTC, in seconds.
    public static let largestOffset: Int64 = 26 * 3600

    /// Reads a file; nil when it is malformed or older than version 2.
    public init?(_ file: [UInt8]) {
        var reader = FileReader(octets: file)
        guard let old = reader.header(), old.version >= 0x32, reader.skip(old.length(wordSize: 4)),
            let header = reader.header(),
            read(header, from: &reader)
        else { return nil }
        guard let footer = reader.footer() else { return nil }
        if !footer.isEmpty {
            guard let rule = ZoneRule(footer) else { return nil }
            self.rule = rule
        }
    }

    /// The offset in seconds east of UTC at an instant, given in seconds since 1970.
    public func offset(at seconds: Int64) -> Int64 {
        guard let first = transitions.first else { return rule?.offset(at: seconds) ?? firstOffset }
        guard seconds >= first else { return firstOffset }
        if seconds >= transitions[transitions.count - 1], let rule {
            return rule.offset(at: seconds)
        }
        return offsets[index(at: seconds)]
    }

    /// The longest known span around an instant during which the offset is the same.
    ///
    /// Neighbouring periods may have the same offset.
    public func period(at seconds: Int64) -> Period {
        guard seconds >= transitions.first ?? .min else {
            return Period(start: .min, end: transitions[0], offset: firstOffset)
        }
        let last = transitions.last ?? .min
        if seconds < last {
            let index = index(at: seconds)
            return Period(
                start: transitions[index],
                end: transitions[index + 1],
                offset: offsets[index]
            )
        }
        let changes = rule?.changes(near: seconds) ?? []
        return Period(
            start: max(last, changes.last { $0 <= seconds } ?? .min),
            end: changes.first { $0 > seconds } ?? .max,
            offset: offset(at: seconds)
        )
    }

    /// The place of the last transition that is not later; there must be one.
    private func index(at seconds: Int64) -> Int {
        var low = 0
        var high = transitions.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle } else { high = middle }
        }
        return low
    }

    private mutating func read(_ header: Header, from reader: inout FileReader) -> Bool {
        var kinds: [Int] = []
        for _ in 0..<header.transitionCount {
            guard let time = reader.integer(size: 8) else { return false }
            guard transitions.last.map({ $0 < time }) ?? true else { return false }
            transitions.append(time)
        }
        for _ in 0..<header.transitionCount {
            guard let kind = reader.integer(size: 1) else { return false }
            kinds.append(Int(kind & 0xFF))
        }
        var offsetOfKind: [Int64] = []
        for _ in 0..<header.kindCount {
            guard let offset = reader.integer(size: 4), reader.skip(2) else { return false }
            guard abs(offset) < Self.largestOffset else { return false }
            offsetOfKind.append(offset)
        }
        guard let first = offsetOfKind.first else { return false }
        firstOffset = first
        for kind in kinds {
            guard kind < offsetOfKind.count else { return false }
            offsets.append(offsetOfKind[kind])
        }
        return reader.skip(header.restLength(wordSize: 8))
    }

    /// The counts at the head of each half of a file.
    private struct Header {
        let version: UInt8
        let counts: [Int]
        var transitionCount: Int { counts[3] }
        var kindCount: Int { counts[4] }

        /// The length of what follows the transitions and the kinds.
        func restLength(wordSize: Int) -> Int {
            counts[5] + counts[2] * (wordSize + 4) + counts[1] + counts[0]
        }

        func length(wordSize: Int) -> Int {
            transitionCount * (wordSize + 1) + kindCount * 6 + restLength(wordSize: wordSize)
        }
    }

    private struct FileReader {
        let octets: [UInt8]
        var place = 0

        mutating func skip(_ count: Int) -> Bool {
            guard count >= 0, count <= octets.count - place else { return false }
            place += count
            return true
        }

        mutating func integer(size: Int) -> Int64? {
            guard size <= octets.count - place else { return nil }
            var number: UInt64 = 0
            for octet in octets[place..<(place + size)] { number = number << 8 | UInt64(octet) }
            place += size
            return size == 4
                ? Int64(Int32(truncatingIfNeeded: number)) : Int64(bitPattern: number)
        }

        mutating func header() -> Header? {
            let start = place
            guard skip(20), Array(octets[start..<(start + 4)]) == Array("TZif".utf8) else {
                return nil
            }
            var counts: [Int] = []
            for _ in 0..<6 {
                guard let count = integer(size: 4), (0...100_000).contains(count) else {
                    return nil
                }
                counts.append(Int(count))
            }
            return Header(version: octets[start + 4], counts: counts)
        }

        /// The rule between two line feeds at the end.
        func footer() -> ArraySlice<UInt8>? {
            guard place < octets.count, octets[place] == 0x0A,
                let end = octets[(place + 1)...].firstIndex(of: 0x0A)
            else { return nil }
            return octets[(place + 1)..<end]
        }
    }
}
