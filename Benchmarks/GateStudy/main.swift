// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Asks how many strategies without skill the gate accepts, and how many with it; see docs/gate.md.
//
// gate-study [FOLDER] [MARKETS] [SEED]: writes gate-study.csv, gate-study-noise.csv, .md and .svg
// into the folder; the seeds of all markets count from SEED on.

import Basics
import Glibc
import Quant

let arguments = Array(CommandLine.arguments.dropFirst())
let folder = Folder(arguments.first ?? "docs")
let markets = arguments.dropFirst(1).first.flatMap { Int($0) } ?? 300
let seeds = arguments.dropFirst(2).first.flatMap { UInt64($0) } ?? Study.seeds

func report(_ cell: Study.Cell) {
    print(StudyTable.line(cell))
    // Nobody wants to wait for a full buffer.
    fflush(nil)
}

let study = try Study(markets: markets, seeds: seeds)
let table = StudyTable(try study.run(report))
let noise = StudyTable(try study.noise(report))
try folder.replace("gate-study.csv", with: Array(table.csv.utf8))
try folder.replace("gate-study-noise.csv", with: Array(noise.noiseCSV.utf8))
try folder.replace(
    "gate-study.md",
    with: Array((table.markdown + "\n" + noise.noiseMarkdown).utf8)
)
try folder.replace("gate-study.svg", with: Array(StudyPicture(table.cells).svg.utf8))
