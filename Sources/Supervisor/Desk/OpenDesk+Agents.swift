// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

extension OpenDesk {
    /// What an agent is told when its process starts; a replay wants no beats.
    func context(
        for agent: AgentConfiguration,
        isLive: Bool = false,
        heartbeat: Duration = .zero
    ) -> AgentContext {
        AgentContext(
            agent: agent.name,
            role: agent.role,
            skills: agent.skills,
            settings: agent.settings.values,
            configuration: configurationText,
            dataFolder: folder.root.path,
            marketFolder: folder.market(agent.role.marketView).path,
            gatewayDescriptor: agent.role.usesGateway ? Int(AgentProcess.gatewayDescriptor) : nil,
            isLive: isLive,
            beatMilliseconds: Int(heartbeat.wholeNanoseconds / 1_000_000)
        )
    }
}
