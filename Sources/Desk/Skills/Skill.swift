// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// A `SKILL.md` in the Agent Skills format: who it is for, what to do, and rules with predicates.
public struct Skill: Sendable, Hashable {
    /// The name, equal to the name of its folder.
    public let name: String
    /// What it does and when to use it.
    public let description: String
    /// The optional fields of the front matter, sorted by name; `metadata` is an object of texts.
    public let metadata: [JSON.Member]
    /// The Markdown behind the front matter.
    public let body: String
    /// The rules, in the order of the file.
    public let rules: [Rule]

    /// The fields that the format knows.
    public static let fields = [
        "name", "description", "license", "compatibility", "metadata", "allowed-tools",
    ]

    /// Reads a skill.
    /// - Parameters:
    ///   - text: The whole file.
    ///   - file: The path of the file, for messages; its folder gives the expected name.
    /// - Throws: A ``DeskError`` with code `skill` that names every fault.
    public init(parsing text: String, file: String) throws(DeskError) {
        guard let split = FrontMatter(text) else {
            throw DeskError(
                code: .skill,
                file: file,
                line: 1,
                message: "no front matter; the file must begin with a line '---', then 'name:' and"
                    + " 'description:', then another line '---'"
            )
        }
        var reader = try YAMLReader(split.header, file: file, firstLine: 2, code: .skill)
        let root = reader.root
        reader.allowOnly(Self.fields, in: root)
        let name = reader.string("name", in: root) ?? ""
        let description = reader.string("description", in: root) ?? ""
        reader.check(name, description, file: file)
        self.name = name
        self.description = description
        metadata = reader.optionalFields()
        body = split.body
        rules = Rule.find(
            in: split.body,
            firstLine: split.bodyLine,
            problems: &reader.problems,
            file: file
        )
        try reader.finish()
    }

    /// The rules that judge a subject, in the order of the file.
    public func rules(for subject: Rule.Subject) -> [Rule] {
        rules.filter { $0.subject == subject }
    }
}

extension YAMLReader {
    /// Reads the fields that need not be there: texts, and a mapping of texts.
    fileprivate mutating func optionalFields() -> [JSON.Member] {
        var fields: [JSON.Member] = []
        for name in ["allowed-tools", "compatibility", "license"] where root[name] != nil {
            guard let text = string(name, in: root) else { continue }
            fields.append(.init(name, .string(text)))
            if name == "compatibility", text.unicodeScalars.count > 500 {
                report(
                    line: root[name]?.line,
                    "compatibility: has \(text.unicodeScalars.count) characters; at most 500 are"
                        + " allowed"
                )
            }
        }
        guard root["metadata"] != nil, let node = mapping("metadata", in: root) else {
            return fields
        }
        let members = (node.members ?? []).compactMap { member in
            scalar(member.name, in: node, path: "metadata.", expected: "a text", { $0 })
                .map { JSON.Member(member.name, .string($0)) }
        }
        return fields + [.init("metadata", .object(members))]
    }

    fileprivate mutating func check(_ name: String, _ description: String, file: String) {
        let line = root["name"]?.line
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.properties.isLowercase || $0.properties.numericType != nil || $0 == "-"
                || ($0.properties.isAlphabetic && !$0.properties.isUppercase)
        }
        if !name.isEmpty {
            if name.unicodeScalars.count > 64 || !isPlain || name.hasPrefix("-")
                || name.hasSuffix("-")
                || name.contains("--")
            {
                report(
                    line: line,
                    "name: found '\(name)'; allowed are 1 to 64 lowercase letters, digits and"
                        + " single '-' between them"
                )
            }
            let folder = file.split(separator: "/").dropLast().last.map(String.init)
            if let folder, folder != name {
                report(
                    line: line,
                    "name: found '\(name)'; it must equal the folder's name '\(folder)'"
                )
            }
        }
        if description.unicodeScalars.count > 1024 {
            report(
                line: root["description"]?.line,
                "description: has \(description.unicodeScalars.count) characters; at most 1024 are"
                    + " allowed"
            )
        }
    }
}
