// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Sends millions of random and hostile orders through the gateway's controls and says whether any
// got through that an independent reckoning refuses, and what one check costs.

import Glibc
import OrderStudy
import Trading

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000_000
let clock = ContinuousClock()
var nanoseconds: [Int64] = []
var study = OrderStudy(seed: 20_261_130)
while study.tally.sent < count {
    try study.runWorld { body in
        let begin = clock.now
        body()
        nanoseconds.append(Int64((clock.now - begin) / .nanoseconds(1)))
    }
}

let tally = study.tally
nanoseconds.sort()
let checks = Double(tally.sent)
let mean = Double(nanoseconds.reduce(0, +)) / checks / 1_000
let tail = Double(nanoseconds[nanoseconds.count * 99 / 100]) / 10 / 1_000
print("orders sent          \(tally.sent)")
print("not readable         \(tally.unreadable)")
for limit in OrderLimit.allCases {
    let name = limit.rawValue + String(repeating: " ", count: 21 - limit.rawValue.count)
    print("\(name)\(tally.refused[limit] ?? 0)")
}
print("passed, rightly      \(tally.passed - tally.leakCount)")
print("passed, wrongly      \(tally.leakCount)")
print("refused, wrongly     \(tally.blockCount)")
print("µs a check, with reading its line: mean \(mean), 99th percentile of tens \(tail)")
for line in tally.leaks + tally.blocks { print(line) }
if tally.leakCount + tally.blockCount > 0 || mean > 50 { exit(1) }
