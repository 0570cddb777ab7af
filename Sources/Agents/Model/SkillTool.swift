// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

/// Reads the body of a skill that the agent lists.
struct SkillTool: ModelTool {
    let skills: [Skill]

    var definition: ConversationTool {
        ConversationTool(
            "read_skill",
            "Reads one of the skills that are listed for you, when its description says that it is"
                + " of use for what you do.",
            schema: .closedObject([
                .init(
                    "name",
                    ["type": "string", "enum": .array(skills.map { .string($0.name) })]
                )
            ])
        )
    }

    func run(_ input: JSONFields) throws -> String {
        try input.allowOnly(["name"])
        let name = try input.string("name")
        guard let skill = skills.first(where: { $0.name == name }) else {
            let names = skills.map(\.name).joined(separator: ", ")
            throw AgentError("no skill '\(name.prefix(64))'; there are \(names)")
        }
        return "Skill \(skill.name), in skills/\(skill.name)/:\n\n\(skill.body)"
    }
}
