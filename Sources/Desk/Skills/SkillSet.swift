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
        var skills: [String: Skill] = [:]
        for path in paths(of: configuration) {
            do throws(DeskError) {
                let skill = try load(path, in: folder)
                rules += skill.rules.count
                skills[path] = skill
            } catch {
                problems += error.problems
            }
        }
        problems += sharedMinds(of: configuration, skills)
        guard problems.isEmpty else { throw DeskError(code: .skill, problems: problems) }
        return rules
    }

    /// Finds verifiers that would go by the same manual as a maker, which is no second opinion.
    ///
    /// Shared skills may be listed by both; it is the agent's own manual that has to differ, in more
    /// than its front matter and its spaces.
    public static func sharedMinds(
        of configuration: DeskConfiguration,
        _ skills: [String: Skill]
    ) -> [DeskError.Problem] {
        func words(_ agent: AgentConfiguration) -> [Substring]? {
            skills[path(of: agent)]?.body.split(whereSeparator: \.isWhitespace)
        }
        let makers = configuration.agents.filter {
            $0.role == .researcher || $0.role == .backtester
        }
        return configuration.agents.filter(\.role.isBlind).flatMap { verifier in
            makers.filter { words($0) != nil && words($0) == words(verifier) }.map { maker in
                DeskError.Problem(
                    file: path(of: verifier),
                    line: 1,
                    message: "says the same as \(path(of: maker)); who judges must not go by the"
                        + " manual of who is judged"
                )
            }
        }
    }

    private static func path(of agent: AgentConfiguration) -> String {
        "\(agent.name.folder)/SKILL.md"
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
        let own = configuration.agents.map(path)
        let shared = configuration.agents.flatMap(\.skills).map { "skills/\($0)/SKILL.md" }
        return Array(Set(own + shared)).sorted()
    }
}
