// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The name that was probably meant by a misspelt one.
///
/// Near is at most a third of the letters added, dropped, changed or exchanged with their
/// neighbour, or one of a short name. Of equally near names the first is taken.
public struct NearestName: Sendable, Hashable {
    /// The name; nil when none is near.
    public let name: String?

    /// Looks among the names that are allowed.
    public init(to name: String, among allowed: [String]) {
        let length = name.utf8.count
        guard (2...longest).contains(length) else {
            self.name = nil
            return
        }
        let most = max(1, length / 3)
        var best: (name: String, distance: Int)?
        for candidate in allowed where candidate.utf8.count <= longest {
            let distance = editDistance(Array(name.utf8), Array(candidate.utf8))
            if distance <= most, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        self.name = best?.name
    }
}

/// The longest names, in bytes, that are compared.
private let longest = 64

/// The fewest single changes that turn one text into another (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older: [Int] = []
    var old = Array(0...right.count)
    for row in 1..<(left.count + 1) {
        var new = [row]
        for column in 1..<(right.count + 1) {
            let isSame = left[row - 1] == right[column - 1]
            var cost = min(old[column], new[column - 1]) + 1
            cost = min(cost, old[column - 1] + (isSame ? 0 : 1))
            let isExchange =
                row > 1 && column > 1 && left[row - 1] == right[column - 2]
                && left[row - 2] == right[column - 1]
            if isExchange { cost = min(cost, older[column - 2] + 1) }
            new.append(cost)
        }
        older = old
        old = new
    }
    return old[right.count]
}
