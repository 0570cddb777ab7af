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
                "lesson.slug: found '\(slug)'; use 1 to 64 of a-z, 0-9 and single '-' between them"
            )
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
        try Self.check(text: text, predicate: predicate, subject: subject)
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

    /// Refuses what would break the line of the skill or the skill as a whole.
    private static func check(
        text: String,
        predicate: String,
        subject: Rule.Subject
    ) throws(JSONError) {
        for (name, value) in [("text", text), ("predicate", predicate)] {
            let isOneLine = value.unicodeScalars.allSatisfy { scalar in
                ![.control, .lineSeparator, .paragraphSeparator]
                    .contains(scalar.properties.generalCategory)
            }
            guard isOneLine, !value.contains("`"), value.contains(where: { $0 != " " }) else {
                throw JSONError(
                    "lesson.\(name): expected one line that is not empty and has no code quotes"
                )
            }
        }
        do throws(Rule.Fault) {
            _ = try Rule.predicate(predicate, for: subject)
        } catch {
            throw JSONError("lesson.predicate: \(error.message)")
        }
    }

    /// The skill with the rule added, or nil when its subject has a rule with that predicate.
    ///
    /// The rule goes to the end of the section whose heading is for the subject, such as
    /// `## Rules for a report`; the section is created at the end of the file when it is missing.
    public func applied(to skill: String) -> String? {
        let lineEnd = skill.contains("\r\n") ? "\r\n" : "\n"
        var lines = FrontMatter.lines(of: skill).map(String.init)
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        let section = section(in: lines)
        guard !section.hasRule else { return nil }
        if let end = section.end {
            // A list stands apart from a heading or a paragraph above it and a heading below it.
            let isAfterItem = lines[end - 1].hasPrefix("- ") || lines[end - 1].hasPrefix(" ")
            let isBeforeLine = end < lines.count && !lines[end].allSatisfy(\.isWhitespace)
            lines.insert(
                contentsOf: (isAfterItem ? [] : [""]) + [bullet] + (isBeforeLine ? [""] : []),
                at: end
            )
        } else {
            lines += ["", "## Rules for \(subject.phrase)", "", bullet]
        }
        return (lines + [""]).joined(separator: lineEnd)
    }

    private var bullet: String { "- \(date): \(text) `\(predicate)`" }

    /// The line behind the first section for the subject, and whether a section has the rule.
    private func section(in lines: [String]) -> (end: Int?, hasRule: Bool) {
        var (isInside, isFound, end) = (false, false, Int?.none)
        for item in RuleText.items(in: lines.joined(separator: "\n"), firstLine: 0) {
            switch item {
            case .heading(let title, let line):
                if isInside, end == nil { end = line }
                isInside = RuleText.subjectName(of: title) == subject.rawValue
                isFound = isFound || isInside
            case .bullet(let text, _):
                guard isInside, RuleText.split(text)?.predicate == predicate else { continue }
                return (nil, true)
            }
        }
        guard isFound else { return (nil, false) }
        var last = end ?? lines.count
        while lines[last - 1].allSatisfy(\.isWhitespace) { last -= 1 }
        return (last, false)
    }
}
