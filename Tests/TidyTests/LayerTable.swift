// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Which target may import what: the picture of the layers as data.
struct LayerTable {
    /// One target and the targets of ours that it may import.
    struct Row {
        let target: String
        let imports: [String]
    }

    /// The targets from the lowest layer to the highest.
    let rows: [Row]
    /// Each package's module, and the targets that may import it.
    let packages: [String: [String]]
    /// Targets that hold values only.
    let values: [String]
    /// Targets that do without Foundation, because an agent's process links them or could.
    let withoutFoundation: [String]

    /// The word in the table for a target that may import all others.
    static let everything = "everything"

    static let loopdesk: LayerTable = {
        let values = ["Basics", "Expressions", "Quant", "Trading", "Desk"]
        let rows = [
            Row(target: "Basics", imports: ["CFiles"]),
            Row(target: "Expressions", imports: ["Basics", "CKernels"]),
            Row(target: "Quant", imports: ["Basics", "Expressions", "CFused", "CKernels"]),
            Row(target: "Trading", imports: ["Basics", "Quant"]),
            Row(target: "Desk", imports: ["Basics", "Expressions"]),
            Row(target: "Git", imports: ["Basics", "CGit2"]),
            Row(target: "Processes", imports: ["Basics", "CSandbox"]),
            Row(target: "Zstd", imports: ["CZstd"]),
            Row(target: "Zlib", imports: ["CZlib"]),
            Row(target: "HTTP", imports: ["Basics", "CCurl"]),
            Row(target: "Models", imports: ["Basics", "Desk", "HTTP"]),
            Row(target: "MCP", imports: ["Basics", "HTTP", "Processes"]),
            Row(target: "Agents", imports: values),
            Row(
                target: "Supervisor",
                imports: ["Basics", "Desk", "Git", "Processes", "Models", "MCP"]
            ),
            Row(target: "Endpoints", imports: ["Basics", "Desk"]),
            Row(target: "Egress", imports: ["Basics", "Desk", "HTTP"]),
            Row(target: "Gateway", imports: ["Basics", "Trading", "Desk", "Processes", "MCP"]),
            Row(target: "Dashboard", imports: ["Basics", "Desk", "Git", "Quant"]),
            Row(target: "CLI", imports: [everything]),
            Row(
                target: "AgentMain",
                imports: ["Agents", "Basics", "Desk", "Quant", "Trading", "Processes"]
            ),
        ]
        let packages = [
            "Crypto": ["Basics", "Git"],
            "Yams": ["Desk"],
            "GRDB": ["Gateway"],
            "NIOCore": ["Endpoints", "Egress"],
            "NIOPosix": ["Endpoints", "Egress"],
            "NIOHTTP1": ["Endpoints", "Egress"],
            "ArgumentParser": ["CLI"],
            "Logging": rows.map(\.target).filter { !values.contains($0) },
        ]
        return LayerTable(
            rows: rows,
            packages: packages,
            values: values,
            withoutFoundation: values + [
                "Git", "Processes", "HTTP", "MCP", "Endpoints", "Egress", "Agents", "AgentMain",
            ]
        )
    }()

    /// The table as the lines of ARCHITECTURE.md, `Target: imports`.
    var text: String {
        rows.map { row in
            "\(row.target): \(row.imports.isEmpty ? "–" : row.imports.joined(separator: ", "))"
        }.joined(separator: "\n")
    }

    /// The lines of the fenced block between two `<!-- layers -->` marks; nil when there is none.
    static func text(in document: String) -> String? {
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        let marks = lines.indices.filter { lines[$0] == "<!-- layers -->" }
        guard marks.count == 2 else { return nil }
        let between = lines[(marks[0] + 1)..<marks[1]]
        let fences = between.indices.filter { between[$0].hasPrefix("```") }
        guard fences.count == 2 else { return nil }
        return between[(fences[0] + 1)..<fences[1]].joined(separator: "\n")
    }
}
