// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The file that a sweep writes, which an interrupted one leaves half done beside its place.
///
/// Rows go to `FILE.part`; `FILE.part.json` says what they belong to. At the end the rows get the
/// file's own name and the other goes; a Parquet file is made of the rows then.
struct SweepFile {
    let file: NamedFile
    let names: [String]
    /// What the rows belong to: a sweep that differs in anything cannot go on with them.
    private let plan: JSON

    /// Whether the finished file is a Parquet one.
    var isParquet: Bool { file.suffix == "parquet" }
    var part: String { "\(file.name).part" }
    private var note: String { "\(file.name).part.json" }

    init(_ path: String, names: [String], plan: JSON) {
        file = NamedFile(path)
        self.names = names
        self.plan = plan
    }

    /// Begins the file, or goes on with it and gives each row that is there to the body.
    /// - Returns: The number of combinations that are done.
    func begin(resuming: Bool, _ body: (SweepLine) -> Void) throws -> Int {
        try file.requirePlace()
        try requireNames()
        let isThere = file.folder.contains(note)
        guard resuming, isThere else {
            guard !isThere else {
                throw Failure(
                    "\(file.path).part is what an interrupted sweep wrote: continue it with"
                        + " --resume, or remove it and \(file.path).part.json",
                    .unavailable
                )
            }
            try file.folder.replace(part, with: Array("\(SweepLine.header(names))\n".utf8))
            try file.folder.replace(note, with: plan.prettyBytes)
            return 0
        }
        try requireSamePlan()
        return try takeRows(body)
    }

    /// Adds rows, which stay even when the sweep is interrupted.
    func append(_ lines: [SweepLine]) throws {
        let text = lines.map { "\($0.row)\n" }.joined()
        try file.folder.append(Array(text.utf8), to: part)
    }

    /// Adds the rows to a ledger, if there is one, and makes the file of them.
    ///
    /// The note says where in the ledger they begin, and when the rows are about to move. So a
    /// sweep that is interrupted here goes on as well, and adds no trial twice.
    func finish(into ledger: TrialLedger?) throws {
        if let ledger { try record(in: ledger) }
        if isParquet {
            try writeTable()
        } else if file.folder.contains(part) {
            try mark("finished", true)
            try file.folder.move(part, to: file.name)
        }
        try file.folder.removeFile(note)
        // Without its note nobody takes it for an interrupted sweep.
        if isParquet { try? file.folder.removeFile(part) }
    }

    /// The file that has the rows.
    func rowsName() throws -> String {
        let hasMoved = try !file.folder.contains(part) && noted()["finished"] == true
        return hasMoved ? file.name : part
    }

    private func record(in ledger: TrialLedger) throws {
        let noted = try noted()["ledger"]
        var place = try ledger.size()
        if let begun = noted?["bytes"]?.intValue, noted?["path"]?.stringValue == ledger.path {
            place = min(place, max(0, begun))
        } else {
            try mark("ledger", ["path": .string(ledger.path), "bytes": .int(Int64(place))])
        }
        try forEachBatch(of: 256) { lines in place = try ledger.append(lines, at: place) }
    }

    private func mark(_ name: String, _ value: JSON) throws {
        let others = (try noted().objectValue ?? []).filter { $0.name != name }
        let members = others + [JSON.Member(name, value)]
        try file.folder.replace(note, with: JSON.object(members).prettyBytes)
    }

    private func noted() throws -> JSON {
        do {
            return try JSON(parsing: try file.folder.read(note, limitBytes: 1 << 20))
        } catch let error as JSONError {
            throw Failure("\(file.path).part.json: \(error)", .badData)
        }
    }

    private func requireSamePlan() throws {
        let marks = ["ledger", "finished"]
        let noted = try noted()
        let old = JSON.object(
            (noted.objectValue ?? []).filter { !marks.contains($0.name) }
        )
        guard old != plan else { return }
        let members = plan.objectValue ?? []
        let differing = members.first { old[$0.name] != $0.value }
        let name = differing?.name ?? "schema"
        throw Failure(
            "\(file.path).part belongs to another sweep: its '\(name)' is"
                + " \((old[name] ?? .null).compactText.prefix(80)) and not"
                + " \((differing?.value ?? .null).compactText.prefix(80))",
            .badData
        )
    }
}
