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

    /// Makes the file of the rows, and lets the body read them once more.
    ///
    /// The body runs when the file is there and the sweep cannot be continued any more.
    func finish(_ body: () throws -> Void) throws {
        if isParquet {
            try writeTable()
        } else {
            try file.folder.move(part, to: file.name)
        }
        try file.folder.removeFile(note)
        defer {
            // Without its note nobody takes it for an interrupted sweep.
            if isParquet { try? file.folder.removeFile(part) }
        }
        try body()
    }

    private func requireSamePlan() throws {
        let old: JSON
        do {
            old = try JSON(parsing: try file.folder.read(note, limitBytes: 1 << 20))
        } catch let error as JSONError {
            throw Failure("\(file.path).part.json: \(error)", .badData)
        }
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
