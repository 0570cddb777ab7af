// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

extension SweepFile {
    /// Refuses two columns of one name, which readers of Parquet do not take.
    func requireNames() throws {
        let others = ["combination", "strategy"] + SweepLine.figures
        guard isParquet, let name = names.first(where: others.contains) else { return }
        throw Failure(
            "\(file.path): the parameter '\(name)' and another column would have the same name;"
                + " rename the parameter, or name a .csv file",
            .badData
        )
    }

    /// Makes the Parquet file of the rows that were written.
    func writeTable() throws {
        let temporary = "\(file.name).part.parquet"
        try file.folder.removeFile(temporary)
        defer {
            // Gone when all went well; the first error is the one to tell.
            try? file.folder.removeFile(temporary)
        }
        let head: [(name: String, kind: ParquetTable.Kind)] = [("combination", .integers)]
        var table = ParquetTable(
            head + names.map { ($0, .numbers) } + [("strategy", .texts)]
                + SweepLine.figures.map { ($0, .numbers) }
        )
        try file.folder.append(table.begin(), to: temporary)
        try forEachBatch(of: ParquetTable.groupRows) { lines in
            try file.folder.append(table.group(Self.columns(lines, names)), to: temporary)
        }
        try file.folder.append(table.finish(), to: temporary)
        try file.folder.move(temporary, to: file.name)
    }

    private static func columns(
        _ lines: [SweepLine],
        _ names: [String]
    ) -> [ParquetTable.Values] {
        var columns: [ParquetTable.Values] = [.integers(lines.map { Int64($0.index) })]
        for index in names.indices { columns.append(.numbers(lines.map { $0.values[index] })) }
        columns.append(.texts(lines.map(\.hash)))
        for index in SweepLine.figures.indices {
            columns.append(.numbers(lines.map { $0.figures[index] ?? .nan }))
        }
        return columns
    }
}
