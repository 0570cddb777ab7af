// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The checks of every text file: blanks, line breaks, and paths of one person's machine.
enum TextChecks {
    private static let machineFolders = ["work", "root", "home"].map { "/\($0)/" }

    /// Tabs but for those that begin a makefile's lines, blanks at the end of a line, and a file
    /// that does not end with one line break.
    static func blanks(_ file: SourceFile) -> [Violation] {
        if file.text.unicodeScalars.contains("\r") {
            return [file.violation(0, "carriage returns; end lines with a line feed alone")]
        }
        var violations: [Violation] = []
        let isMakefile = file.path.hasSuffix("Makefile")
        for (index, line) in file.lines.enumerated() {
            let recipe = line.drop { isMakefile && $0 == "\t" }
            if recipe.contains("\t") {
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
                    "\(folder) exists on one machine only; use a relative path"
                )
            }
        }
    }

    /// Whether the line has a path that begins with that folder and goes on below it.
    private static func namesFolder(_ folder: String, in line: String) -> Bool {
        line.ranges(of: folder).contains { range in
            guard let next = line[range.upperBound...].first, next.isLetter || next.isNumber else {
                return false
            }
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && !"_-.)}>]*~".contains(before)
        }
    }
}
