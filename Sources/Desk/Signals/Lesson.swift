// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A rule that a loss suggests: one line to add to one skill, on a branch of its own.
public struct Lesson: Sendable, Hashable {
    /// The last part of the branch `skills/<agent>/<slug>`.
    public let slug: String
    /// The day of the loss.
    public let date: CalendarDate
    /// What the rule judges.
    public let subject: Rule.Subject
    /// The sentence for people.
    public let text: String
    /// The condition that code will enforce.
    public let predicate: String
    /// The trade that taught it, as a signal's id.
    public let trade: String

    /// Creates a lesson.
    public init(
        slug: String,
        date: CalendarDate,
        subject: Rule.Subject,
        text: String,
        predicate: String,
        trade: String
    ) {
        self.slug = slug
        self.date = date
        self.subject = subject
        self.text = text
        self.predicate = predicate
        self.trade = trade
    }

    /// The body of the signal that proposes it.
    public var json: JSON {
        [
            "slug": .string(slug), "date": .string(date.description),
            "subject": .string(subject.rawValue), "text": .string(text),
            "predicate": .string(predicate), "trade": .string(trade),
        ]
    }

    /// Reads the body of a lesson.
    /// - Throws: A ``JSONError`` that names the member.
    public init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "lesson")
        slug = try fields.string("slug")
        guard Self.isSlug(slug) else {
            throw JSONError(
                "lesson.slug: found '\(slug)'; use 1 to 64 of a-z, 0-9 and single '-' between them")
        }
        guard let date = CalendarDate(try fields.string("date")) else {
            throw JSONError("lesson.date: expected a date such as 2000-03-01")
        }
        self.date = date
        guard let subject = Rule.Subject(rawValue: try fields.string("subject")) else {
            throw JSONError("lesson.subject: expected report, intent or account")
        }
        self.subject = subject
        text = try fields.string("text")
        predicate = try fields.string("predicate")
        trade = try fields.string("trade")
        guard !text.contains("`"), !text.contains("\n"), !predicate.contains("\n") else {
            throw JSONError("lesson.text: code quotes and line feeds are not allowed")
        }
    }

    private static func isSlug(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return text.utf8.count <= 64
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
                    }
            }
    }

    /// The skill with the rule added as a dated line, or nil when the rule is there already.
    ///
    /// The rule goes to the end of the section `## Rules for an <subject>`, which is created at
    /// the end of the file when it is missing.
    public func applied(to skill: String) -> String? {
        guard !skill.contains("`\(predicate)`") else { return nil }
        let bullet = "- \(date): \(text) `\(predicate)`"
        var lines = skill.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last == "" { lines.removeLast() }
        let isHeading = { (line: String) in line.hasPrefix("#") }
        let start = lines.firstIndex {
            isHeading($0)
                && RuleText.subjectName(of: String($0.drop { $0 == "#" || $0 == " " }))
                    == subject.rawValue
        }
        guard let start else {
            lines += ["", "## Rules for an \(subject.rawValue)", "", bullet, ""]
            return lines.joined(separator: "\n")
        }
        var end = lines[(start + 1)...].firstIndex(where: isHeading) ?? lines.endIndex
        while end > start + 1, lines[end - 1].isEmpty { end -= 1 }
        lines.insert(bullet, at: end)
        if end == start + 1 { lines.insert("", at: end) }
        return lines.joined(separator: "\n") + "\n"
    }
}
