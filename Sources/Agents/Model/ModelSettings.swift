// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant

/// What a model-driven part of an agent works with, the same in all turns.
struct ModelSettings {
    let port: any ModelPort
    let prompt: AgentPrompt
    let worktree: Folder
    /// Whether the agent may call tools of connectors.
    let hasConnectors: Bool
    /// How often a model may be asked for one task.
    let limit: Int

    /// The tools that every task has.
    func tools(_ input: TurnInput) throws -> [any ModelTool] {
        var tools: [any ModelTool] = [FileTool(worktree: worktree)]
        if !input.sharedSkills.isEmpty { tools.append(SkillTool(skills: input.sharedSkills)) }
        if hasConnectors {
            tools += try port.connectorTools().map { ConnectorTool(definition: $0, port: port) }
        }
        return tools
    }
}
