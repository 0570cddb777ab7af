// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What an agent says that it did, as a commit can tell it.
///
/// An agent answers with one summary whose items are parted by `; `. As many as fit make the
/// commit's subject; when there are more, all of them stand below it, one a line.
public struct TurnStory: Sendable, Hashable {
    /// The commit's subject.
    public let subject: String
    /// All items, when the subject cannot hold them.
    public let details: [String]
    /// What it has cost for language models; nil when nothing is said of it.
    public var spending: TurnSpending?

    /// The most items that a commit lists.
    public static let detailLimit = 200

    /// Makes a story of a summary; what is not printable is dropped.
    public init(_ summary: String, spending: TurnSpending? = nil) {
        self.spending = spending
        let whole = TurnContract.sanitised(summary: summary)
        let items = summary.split(separator: "; ").map { String($0) }
        let joined = items.joined(separator: "; ")
        guard items.count > 1, joined.unicodeScalars.count > TurnContract.summaryLimit else {
            subject = whole
            details = []
            return
        }
        var shown = [TurnContract.sanitised(summary: items[0])]
        var length = shown[0].unicodeScalars.count
        for item in items.dropFirst() {
            length += item.unicodeScalars.count + 2
            guard length <= TurnContract.summaryLimit - Self.roomForMore else { break }
            shown.append(TurnContract.sanitised(summary: item))
        }
        let more = "and \(items.count - shown.count) more"
        subject = TurnContract.sanitised(summary: (shown + [more]).joined(separator: "; "))
        details = items.prefix(Self.detailLimit).map { TurnContract.sanitised(summary: $0) }
    }

    /// The characters that "; and 200 more" needs.
    private static let roomForMore = 16
}
