// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension Pattern {
    /// Tells whether the text contains a match, and adds the number of instructions visited.
    ///
    /// Gives up once that number exceeds the limit; the result is then of no meaning.
    func matches(_ text: String, limit: Int, work: inout Int) -> Bool {
        var current = Threads(capacity: instructions.count)
        var following = Threads(capacity: instructions.count)
        var before: UInt32?
        var scalars = text.unicodeScalars.makeIterator()
        var after = scalars.next()?.value
        while true {
            // A match may begin anywhere, so a new thread starts before each character.
            if follow(from: 0, before, after, &current, &work) { return true }
            guard let scalar = after, work <= limit else { return false }
            after = scalars.next()?.value
            following.removeAll()
            for place in current.places {
                guard case .take(let set, let ignoringCase) = instructions[place],
                    takes(scalar, sets[set], ignoringCase)
                else { continue }
                if follow(from: place + 1, scalar, after, &following, &work) { return true }
            }
            swap(&current, &following)
            before = scalar
        }
    }

    /// Adds every place reachable without taking a character; returns whether one is the match.
    private func follow(
        from start: Int,
        _ before: UInt32?,
        _ after: UInt32?,
        _ threads: inout Threads,
        _ work: inout Int
    ) -> Bool {
        threads.stack.append(start)
        while let place = threads.stack.popLast() {
            guard threads.insert(place) else { continue }
            work += 1
            switch instructions[place] {
            case .take: break
            case .jump(let target): threads.stack.append(target)
            case .split(let first, let second):
                threads.stack.append(second)
                threads.stack.append(first)
            case .assert(let assertion):
                if holds(assertion, before, after) { threads.stack.append(place + 1) }
            case .match:
                threads.stack.removeAll(keepingCapacity: true)
                return true
            }
        }
        return false
    }

    private func takes(_ scalar: UInt32, _ set: CharacterSet, _ ignoringCase: Bool) -> Bool {
        if set.contains(scalar) { return true }
        guard ignoringCase, let letter = Unicode.Scalar(scalar) else { return false }
        let lower = letter.properties.lowercaseMapping.unicodeScalars
        let upper = letter.properties.uppercaseMapping.unicodeScalars
        return [lower, upper].contains { mapped in
            mapped.count == 1 && mapped.first.map { set.contains($0.value) } ?? false
        }
    }

    private func holds(
        _ assertion: PatternNode.Assertion,
        _ before: UInt32?,
        _ after: UInt32?
    ) -> Bool {
        switch assertion {
        case .textStart: before == nil
        case .textEnd: after == nil
        case .lineStart: before == nil || before == 0x0A
        case .lineEnd: after == nil || after == 0x0A
        case .wordBoundary: isWord(before) != isWord(after)
        case .noWordBoundary: isWord(before) == isWord(after)
        }
    }

    private func isWord(_ scalar: UInt32?) -> Bool {
        scalar.map { CharacterSet.words.contains($0) } ?? false
    }

    /// A set of places that is emptied in constant time.
    private struct Threads {
        private(set) var places: [Int] = []
        var stack: [Int] = []
        private var marks: [Int]
        private var generation = 1

        init(capacity: Int) {
            marks = Array(repeating: 0, count: capacity)
        }

        mutating func removeAll() {
            places.removeAll(keepingCapacity: true)
            generation += 1
        }

        /// Adds a place and returns whether it is new.
        mutating func insert(_ place: Int) -> Bool {
            guard marks[place] != generation else { return false }
            marks[place] = generation
            places.append(place)
            return true
        }
    }
}
