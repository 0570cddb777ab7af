// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The checks of what code calls, and of what its comments promise.
enum CallChecks {
    private static let callsByFirstWord = Dictionary(grouping: BannedCall.all) {
        $0.pattern.first ?? ""
    }

    /// Calls that the file may not make; text in comments and literals is no call.
    static func bannedCalls(_ file: SourceFile) -> [Violation] {
        let tokens = file.tokens
        return tokens.indices.flatMap { index -> [Violation] in
            (callsByFirstWord[tokens[index].text] ?? []).filter { call in
                call.covers(file) && call.matches(tokens, at: index)
            }.map { call in
                file.violation(tokens[index].line, "\(call.spelling): use \(call.replacement)")
            }
        }
    }

    /// In sources, errors that are dropped without a comment on that line or the one before.
    static func droppedErrors(_ file: SourceFile) -> [Violation] {
        guard file.isSource else { return [] }
        return file.tokens.filter { $0.text == "try?" }.map(\.line)
            .filter { !file.hasComment(onLine: $0) && !file.hasComment(onLine: $0 - 1) }
            .map { file.violation($0, "try? needs a comment: why does the error not matter?") }
    }

    /// Comments that put work off.
    static func unfinishedWork(_ file: SourceFile) -> [Violation] {
        file.comments.indices.flatMap { index -> [Violation] in
            let words = file.comments[index].split { !$0.isLetter && !$0.isNumber }
            return ["TODO", "FIXME", "XXX"].filter { words.contains(Substring($0)) }.map { word in
                file.violation(index + 1, "\(word): do it now, or write down the limit it leaves")
            }
        }
    }
}
