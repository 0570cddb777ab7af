// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A file of `key: value` lines whose values are texts or lists of texts.
///
/// Says nothing of what the keys mean; whoever reads it does.
public struct SettingsFile: Sendable, Hashable {
    /// One key with what is written behind it.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public let name: String
        /// The values; one for a text.
        public let values: [String]
        /// Whether they are written as a list.
        public let isList: Bool
        /// The line of the file.
        public let line: Int?
    }

    /// The most bytes that are read.
    public static let limitBytes = 64 * 1024

    /// The entries in the order of the file.
    public let entries: [Entry]

    /// Reads a file; one that holds nothing but comments has no entries.
    /// - Throws: A ``DeskError`` that names the line of everything that is no text and no list.
    public init(parsing text: String, file: String) throws(DeskError) {
        guard text.utf8.count <= Self.limitBytes else {
            throw DeskError(
                code: .configuration,
                file: file,
                message: "larger than \(Self.limitBytes) bytes"
            )
        }
        let isEmpty = text.split(separator: "\n").allSatisfy { line in
            let rest = line.drop { $0.isWhitespace }
            return rest.isEmpty || rest.first == "#"
        }
        guard !isEmpty else {
            entries = []
            return
        }
        var reader = try YAMLReader(text, file: file, code: .configuration)
        var entries: [Entry] = []
        for member in reader.root.members ?? [] {
            if let text = member.value.scalar {
                entries.append(
                    Entry(name: member.name, values: [text], isList: false, line: member.line)
                )
            } else if let values = member.value.elements?.map(\.scalar), !values.contains(nil) {
                let texts = values.compactMap(\.self)
                entries.append(
                    Entry(name: member.name, values: texts, isList: true, line: member.line)
                )
            } else {
                reader.report(
                    line: member.line,
                    "\(member.name): found \(member.value.summary); expected a text or a list"
                )
            }
        }
        try reader.finish()
        self.entries = entries
    }
}
