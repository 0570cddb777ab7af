// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Short texts in which a rule is broken on purpose, and the messages that checks give for them.
enum Sample {
    static let header = FormChecks.header.joined(separator: "\n") + "\n"

    /// A file with the header, an empty line and that code.
    static func file(_ code: String, at path: String = "Sources/Quant/Bar.swift") -> SourceFile {
        SourceFile(path: path, text: "\(header)\n\(code)\n")
    }

    /// A file with nothing added.
    static func bare(_ text: String, at path: String) -> SourceFile {
        SourceFile(path: path, text: text)
    }

    /// So many lines of code.
    static func lines(_ count: Int) -> String {
        (0..<count).map { "    let value\($0) = \($0)" }.joined(separator: "\n")
    }
}
