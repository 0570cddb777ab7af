// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Asks how many strategies without skill the gate accepts, and how many with it; see docs/gate.md.
//
// gate-study [FOLDER] [MARKETS]: writes gate-study.csv, .md and .svg into the folder.

import Basics
import Glibc
import Quant

let arguments = CommandLine.arguments.dropFirst()
let folder = Folder(arguments.first ?? "docs")
let markets = arguments.dropFirst().first.flatMap { Int($0) } ?? 300

let study = try Study(markets: markets)
let cells = try study.run { cell in
    print(StudyTable.line(cell))
    // Nobody wants to wait for a full buffer.
    fflush(nil)
}
try folder.replace("gate-study.csv", with: Array(StudyTable(cells).csv.utf8))
try folder.replace("gate-study.md", with: Array(StudyTable(cells).markdown.utf8))
try folder.replace("gate-study.svg", with: Array(StudyPicture(cells).svg.utf8))
