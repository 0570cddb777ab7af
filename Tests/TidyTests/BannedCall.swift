// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A call that only some files may make, and what the others use instead.
struct BannedCall {
    /// The files that a ban covers.
    enum Scope {
        case sources
        case sourcesAndTests
    }

    /// The call as tokens; one that ends in `(` bans calls only, any other every mention.
    let pattern: [String]
    /// What to use instead, as the end of a sentence.
    let replacement: String
    /// The files or folders where it is right.
    let allowed: [String]
    let scope: Scope
    /// An argument label that makes the call right.
    let unlessLabel: String?

    init(
        _ pattern: String,
        use replacement: String,
        allowed: [String] = [],
        scope: Scope = .sources,
        unlessLabel: String? = nil
    ) {
        self.pattern = Token.tokens(of: Array(pattern.utf8)).map(\.text)
        self.replacement = replacement
        self.allowed = allowed
        self.scope = scope
        self.unlessLabel = unlessLabel
    }

    /// The call as it is written in code.
    var spelling: String { pattern.joined() }

    /// Whether the ban covers that file.
    func covers(_ file: SourceFile) -> Bool {
        guard file.isSource || (file.isTest && scope == .sourcesAndTests) else { return false }
        return !allowed.contains { file.path.hasPrefix($0) }
    }

    /// Whether the call stands at that place among the tokens.
    func matches(_ tokens: [Token], at index: Int) -> Bool {
        guard tokens[index...].lazy.map(\.text).starts(with: pattern) else { return false }
        return !isOtherName(tokens, at: index) && !hasLabel(tokens, at: index)
    }

    /// Whether it is a member or a declaration that merely has the same name.
    private func isOtherName(_ tokens: [Token], at index: Int) -> Bool {
        let modules = ["Swift", "Foundation", "FoundationEssentials", "Glibc", "Dispatch"]
        guard index > 0, pattern.first != "." else { return false }
        switch tokens[index - 1].text {
        case ".": return index < 2 || !modules.contains(tokens[index - 2].text)
        case "func", "case": return pattern.last == "("
        default: return false
        }
    }

    private func hasLabel(_ tokens: [Token], at index: Int) -> Bool {
        guard let unlessLabel else { return false }
        var depth = 1
        for position in (index + pattern.count)..<tokens.count where depth > 0 {
            let text = tokens[position].text
            if text == "(" { depth += 1 }
            if text == ")" { depth -= 1 }
            if depth == 1, text == unlessLabel { return true }
        }
        return false
    }
}
