// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// One thing that an examination found.
public struct Finding: Sendable, Hashable {
    /// What kind of thing.
    public let code: FindingCode
    /// Where: an agent, a file, or a part of the desk.
    public let place: String
    /// What is the matter, as one clause.
    public let message: String
    /// What a person can do about it, as one clause.
    public let remedy: String

    /// Creates a finding.
    public init(_ code: FindingCode, at place: String, _ message: String, remedy: String) {
        self.code = code
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    /// The finding for programs.
    public var json: JSON {
        [
            "code": .string(code.id), "word": .string(code.word),
            "severity": .string(code.severity.rawValue), "where": .string(place),
            "message": .string(message), "remedy": .string(remedy),
            "fixable": .bool(code.repair != nil),
            "page": .string("docs/doctor.md#\(code.id.lowercased())"),
        ]
    }

    /// The finding for people: one line, and one for what to do.
    public var text: String {
        let mark = code.severity.rawValue
        let pad = String(repeating: " ", count: 8 - mark.count)
        let fix = code.repair == nil ? "" : "loopdesk doctor --fix, or: "
        return """
            \(mark)\(pad)\(code.rawValue): \(place): \(message)
                    \(fix)\(remedy)
            """
    }
}
