// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Expressions

/// A line of a skill that people read and a predicate that code enforces.
public struct Rule: Sendable, Hashable {
    /// What a rule judges; the heading above it, `## Rules for a report`, says which.
    public enum Subject: String, Sendable, Hashable, CaseIterable {
        /// The recomputed metrics of a strategy.
        case report
        /// An entry that a researcher wants to make now.
        case intent
        /// The state of the account.
        case account

        /// The subject with its article, as a heading names it.
        var phrase: String { self == .report ? "a report" : "an \(rawValue)" }
    }

    /// What the rule judges.
    public let subject: Subject
    /// The line of the file, from 1.
    public let line: Int
    /// The sentence for people, without the predicate.
    public let text: String
    /// The condition that must be true.
    public let predicate: Expression

    /// Creates a rule.
    public init(subject: Subject, line: Int, text: String, predicate: Expression) {
        self.subject = subject
        self.line = line
        self.text = text
        self.predicate = predicate
    }

    /// Judges bindings: only the value true holds, and everything else is kept as the reason.
    public func judge(_ bindings: Bindings) -> Judgement {
        let values = RuleVocabulary.names(in: predicate).compactMap { path in
            // A path without a value has nothing to show; the outcome says so.
            (try? Expression(parsing: path).value(in: bindings)).map { (path, $0) }
        }
        return Judgement(rule: self, values: values, outcome: predicate.outcome(in: bindings))
    }

    /// Finds the rules of a body: list items under a heading `Rules for a <subject>`.
    static func find(
        in body: String,
        firstLine: Int,
        problems: inout [DeskError.Problem],
        file: String
    ) -> [Rule] {
        var rules: [Rule] = []
        var subject: Subject?
        for item in RuleText.items(in: body, firstLine: firstLine) {
            switch item {
            case .heading(let title, let line):
                subject = nil
                guard let name = RuleText.subjectName(of: title) else { continue }
                subject = Subject(rawValue: name)
                if subject == nil {
                    let known = Subject.allCases.map(\.rawValue).joined(separator: ", ")
                    let message = "heading '\(title)': found '\(name)'; rules may be for: \(known)"
                    problems.append(.init(file: file, line: line, message: message))
                }
            case .bullet(let text, let line):
                guard let subject else { continue }
                do {
                    rules.append(try Rule(text, subject: subject, line: line))
                } catch {
                    problems.append(.init(file: file, line: line, message: error.message))
                }
            }
        }
        return rules
    }

    /// Why a rule cannot be made.
    struct Fault: Error {
        let message: String
    }

    private init(_ item: String, subject: Subject, line: Int) throws(Fault) {
        guard let (text, source) = RuleText.split(item) else {
            throw Fault(
                message: "rule '\(item.prefix(60))': no predicate; a rule must end in one in code"
                    + " quotes, such as `sharpe > 1.5`"
            )
        }
        let predicate = try Self.predicate(source, for: subject)
        self.init(subject: subject, line: line, text: text, predicate: predicate)
    }

    /// Parses a predicate and checks that it reads only what its subject has, and that the types
    /// of what it reads go together.
    static func predicate(_ source: String, for subject: Subject) throws(Fault) -> Expression {
        let predicate: Expression
        do {
            predicate = try Expression(parsing: source)
        } catch {
            throw Fault(message: "rule `\(source)` does not parse: \(error)")
        }
        if let name = RuleVocabulary.unknownPaths(of: predicate, for: subject).first {
            let known = RuleVocabulary.paths(for: subject).joined(separator: ", ")
            throw Fault(
                message: "rule `\(source)`: unknown name '\(name)'; a rule for \(subject.phrase)"
                    + " may read: \(known)"
            )
        }
        let type: ValueType
        do {
            type = try predicate.check(RuleVocabulary.types(for: subject))
        } catch {
            throw Fault(message: "rule `\(source)` cannot be evaluated: \(error)")
        }
        guard type == .bool || type == .dyn else {
            throw Fault(message: "rule `\(source)` is \(type), neither true nor false")
        }
        return predicate
    }
}
