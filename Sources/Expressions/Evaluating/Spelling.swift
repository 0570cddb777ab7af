// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Suggests what a misspelt name may have meant.
enum Spelling {
    /// How many names are looked at; more are no help, and each costs time.
    private static let most = 500

    /// A clause to append to an error: the nearest names, else the first few there are.
    static func suggestion(for name: String, among known: [String]) -> String {
        guard !known.isEmpty else { return "; there are none" }
        let allowance = max(1, name.utf8.count / 3)
        let near = known.prefix(most)
            .map { (name: $0, distance: distance(name, $0, atMost: allowance)) }
            .filter { $0.distance <= allowance }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3)
        if !near.isEmpty {
            return "; did you mean \(near.map { "'\($0.name)'" }.joined(separator: " or "))?"
        }
        let rest = known.count > 12 ? " and \(known.count - 12) more" : ""
        return "; there are " + known.prefix(most).sorted().prefix(12).joined(separator: ", ")
            + rest
    }

    /// The number of single-letter edits between two names, or more than the allowance.
    static func distance(_ left: String, _ right: String, atMost allowance: Int) -> Int {
        let first = Array(left.lowercased().utf8.prefix(64))
        let second = Array(right.lowercased().utf8.prefix(64))
        guard abs(first.count - second.count) <= allowance else { return allowance + 1 }
        var row = Array(0...second.count)
        for (line, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (place, other) in second.enumerated() {
                let substituted = diagonal + (letter == other ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(substituted, min(row[place], diagonal) + 1)
            }
        }
        return row[second.count]
    }
}
