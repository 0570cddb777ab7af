// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Sends a million spoiled answers of models through everything that reads them, and says whether
// anything was taken that an independent reckoning refuses.

import Glibc
import ReplyStudy

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
var study = try ReplyStudy(seed: 20_261_130)
study.run(count)
let tally = study.tally
print("answers sent            \(tally.sent)")
print("with something taken    \(tally.taken)")
print("entries and exits       \(tally.actions)")
print("streams with an answer  \(tally.answers)")
print("taken, wrongly          \(tally.leakCount)")
for line in tally.leaks { print(line) }
if tally.leakCount > 0 { exit(1) }
