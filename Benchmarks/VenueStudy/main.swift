// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Tells the story of a dispatcher at a hostile venue for many seeds, and says what went wrong.
// Usage: venue-study [seeds] [first seed]

import Glibc
import VenueStudy

let words = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
let count = words.first ?? 20_000
let first = words.dropFirst().first ?? 1
var crashes = 0
var debts = 0
var orders = 0
var fills = 0
var longest = 0
var bad = 0
for seed in first..<(first + count) {
    var study = VenueStudy(seed: seed)
    let outcome = study.run()
    crashes += outcome.crashes
    debts += outcome.debts
    orders += outcome.orders
    fills += outcome.fills
    longest = max(longest, outcome.longestDoubt)
    guard !outcome.violations.isEmpty else { continue }
    bad += 1
    if bad <= 20 { print("seed \(seed): \(outcome.violations.joined(separator: "; "))") }
}
print("seeds \(count), crashes \(crashes), orders \(orders), executions \(fills)")
print("records that the disk was owed: \(debts)")
print("longest without a stop that was lost, or what closes in its place: \(longest) ticks")
print("seeds with a violation: \(bad)")
for bug in PlantedBug.allCases {
    let found = (first..<(first + 200)).first { seed in
        var study = VenueStudy(seed: seed, bug: bug)
        return !study.run().violations.isEmpty
    }
    print("planted \(bug.rawValue): \(found.map { "found at seed \($0)" } ?? "NOT FOUND")")
    if found == nil { bad += 1 }
}
exit(bad == 0 ? 0 : 1)
