// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Measures one turn, from the request to the commit, beside the git command doing the same, in one
// run on one disk. Prints medians and ratios; see Benchmarks/README.md.

import Basics
import Git
import Glibc
import Processes

let clock = SystemClock()
let turns = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1000
let disk = CommandLine.arguments.dropFirst(2).first ?? "/tmp"
let base = Folder("\(disk)/loopdesk-benchmark-\(getpid())")
try base.create()
defer {
    // What stays behind in the temporary folder harms nobody.
    try? base.removeAll()
}

let bench = TurnBenchmark(base: base, clock: clock, turns: turns)
let (volatile, git) = try bench.measureDeskBesideGit(isDurable: false)
let empty = try bench.measureDesk(isDurable: false, hasTurns: false)
let (durable, durableGit) = try bench.measureDeskBesideGit(isDurable: true)
let commitOnly = try bench.measurePublication(isDurable: false)
let durableCommitOnly = try bench.measurePublication(isDurable: true)

print("one turn: request, process, files, checks, commit, ref (\(turns) turns each)\n")
print("                                            p50 ms    p99 ms   per second")
for (name, samples) in [
    ("desk, an instant with one turn", volatile),
    ("desk, an instant with one turn, flushed", durable),
    ("desk, an instant without a turn", empty),
    ("desk, the commit alone", commitOnly), ("desk, the commit alone, flushed", durableCommitOnly),
    ("git add && git commit", git), ("git add && git commit, flushed", durableGit),
] {
    print(samples.row(name))
}
print("")
func ratio(_ name: String, _ peer: Samples, _ ours: Samples, target: Double) {
    // A turn is what an instant with one takes more than an instant without. The mean has in it
    // what the median leaves out: one instant in many publishes for all of them.
    let median = peer.median / (ours.median - empty.median)
    let mean = peer.mean / (ours.mean - empty.mean)
    print(
        "\(name): by medians \(Samples.text(median)) times faster, by means \(Samples.text(mean))"
            + " (target \(Samples.text(target)))"
    )
}
ratio("a turn against git add && git commit", git, volatile, target: 10)
ratio("the same, flushed", durableGit, durable, target: 4)
