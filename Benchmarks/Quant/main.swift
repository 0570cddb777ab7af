// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Measures backtests, sweeps, indicators and files without starting anything else. Writes the bars
// that peers.py gives to other programs.
// Usage: quant-benchmark [--data FOLDER] [--json FILE] [--only TEXT]

import Basics
import Glibc
import Quant

var options = ["--data": ".build/bench", "--json": ".build/bench/quant.jsonl", "--only": ""]
var words = CommandLine.arguments.dropFirst()
while let name = words.popFirst() {
    guard options[name] != nil, let value = words.popFirst() else {
        print("usage: quant-benchmark [--data FOLDER] [--json FILE] [--only TEXT]")
        exit(2)
    }
    options[name] = value
}
let folder = Folder(options["--data"] ?? "")
try folder.create()

var load = [0.0, 0.0, 0.0]
getloadavg(&load, 3)
print("load \(load[0]) on \(Parallel.allCores.width) cores; medians and least of the rounds\n")
print(Figure.head)

let bench = Bench(only: options["--only"] ?? "")
guard let symbol = Symbol("BENCH") else { preconditionFailure("it is a symbol") }
let sample = SampleBars(count: 1_000_000, symbol: symbol)
let counts = [10_000, 100_000, 1_000_000]
try FileFigures.write(sample, counts: counts, to: folder)
try BacktestFigures.measure(bench, sample.series, counts: counts)
try SweepFigures.measure(bench, sample.series)
IndicatorFigures.measure(bench, sample.series)
try GateFigures.measure(bench)
try FileFigures.measureCSV(bench, symbol, folder)
if bench.isWhole {
    let long = SampleBars(count: FileFigures.rows, symbol: symbol).series
    try BacktestFigures.measure(bench, long, counts: [long.count])
    try FileFigures.measureParquet(bench, long, folder)
}

let output = (options["--json"] ?? "").split(separator: "/", omittingEmptySubsequences: false)
let parent = output.dropLast().joined(separator: "/")
try Folder(output.count > 1 ? parent : ".").replace(
    String(output.last ?? "quant.jsonl"),
    with: Array(bench.lines.utf8)
)
print("\nchecksum \(bench.checksum); figures as JSON in \(options["--json"] ?? "")")
