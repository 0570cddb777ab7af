// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The checks of every text file: blanks, line breaks, and paths of one person's machine.
enum TextChecks {
    private static let machineFolders = ["work", "root", "home"].map { "/\($0)/" }

    /// Tabs outside a makefile's recipes, blanks at the end of a line, a missing last line break.
    static func blanks(_ file: SourceFile) -> [Violation] {
        var violations: [Violation] = []
        let isMakefile = file.path.hasSuffix("Makefile")
        for (index, line) in file.lines.enumerated() {
            let isRecipe = isMakefile && line.hasPrefix("\t")
            if line.dropFirst(isRecipe ? 1 : 0).contains("\t") {
                violations.append(file.violation(index + 1, "a tab; use spaces"))
            }
            if line.last?.isWhitespace == true {
                violations.append(file.violation(index + 1, "blanks at the end of the line"))
            }
        }
        if !file.text.isEmpty, file.text.last != "\n" || file.text.hasSuffix("\n\n") {
            let message = "the file must end with exactly one line break"
            violations.append(file.violation(file.lines.count, message))
        }
        return violations
    }

    /// Absolute paths that exist on one machine only.
    static func machinePaths(_ file: SourceFile) -> [Violation] {
        guard !file.path.hasSuffix(".gitignore") else { return [] }
        return file.lines.indices.flatMap { index in
            machineFolders.filter { namesFolder($0, in: file.lines[index]) }.map { folder in
                file.violation(
                    index + 1,
                    "\(folder) is a folder of one machine; use a relative path"
                )
            }
        }
    }

    /// Whether the line has that folder at the start of a path, and not as a part of a longer one.
    private static func namesFolder(_ folder: String, in line: String) -> Bool {
        line.ranges(of: folder).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && !"_-.)}>]*~".contains(before)
        }
    }
}
