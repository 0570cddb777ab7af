// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The skills of a desk's work tree, read and checked together.
public enum SkillSet {
    /// Reads every skill that a configuration needs.
    /// - Returns: The number of rules found.
    /// - Throws: A ``DeskError`` with code `skill` that names every fault in every file.
    @discardableResult
    public static func check(
        _ configuration: DeskConfiguration,
        in folder: Folder
    ) throws(DeskError) -> Int {
        var problems: [DeskError.Problem] = []
        var rules = 0
        for path in paths(of: configuration) {
            do throws(DeskError) {
                rules += try load(path, in: folder).rules.count
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw DeskError(code: .skill, problems: problems) }
        return rules
    }

    /// Reads one skill.
    /// - Throws: A ``DeskError`` with code `skill`.
    public static func load(_ path: String, in folder: Folder) throws(DeskError) -> Skill {
        let bytes: [UInt8]
        do {
            bytes = try folder.read(path, limitBytes: 1 << 20)
        } catch {
            let reason =
                error.code == .notFound
                ? "missing; every agent and every listed skill needs one" : error.reason
            throw DeskError(code: .skill, file: path, message: reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DeskError(code: .skill, file: path, message: "not UTF-8")
        }
        return try Skill(parsing: text, file: path)
    }

    /// The files that a configuration needs, sorted.
    public static func paths(of configuration: DeskConfiguration) -> [String] {
        let own = configuration.agents.map { "\($0.name.folder)/SKILL.md" }
        let shared = configuration.agents.flatMap(\.skills).map { "skills/\($0)/SKILL.md" }
        return Array(Set(own + shared)).sorted()
    }
}
