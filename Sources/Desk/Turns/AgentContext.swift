// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// What an agent is told once, when its process starts.
public struct AgentContext: Sendable, Hashable {
    /// The agent's name.
    public let agent: AgentName
    /// The agent's role.
    public let role: Role
    /// The shared skills to read, in order.
    public let skills: [String]
    /// The role's settings.
    public let settings: JSON
    /// The whole `orchestrator.yml`, for what the market and the account are.
    public let configuration: String
    /// The desk's top folder, to which the paths of the feed and the calendars are relative.
    public let dataFolder: String
    /// The folder that holds the agent's view of the market's history; not there for a role
    /// without one.
    public let marketFolder: String
    /// The number of the inherited descriptor that leads to the gateway, if the role has one.
    public let gatewayDescriptor: Int?
    /// Whether the desk runs in the present, so that its feed may grow.
    public let isLive: Bool
    /// The milliseconds between two signs of life, zero for none.
    public let beatMilliseconds: Int

    /// Creates a context.
    public init(
        agent: AgentName,
        role: Role,
        skills: [String],
        settings: JSON,
        configuration: String,
        dataFolder: String,
        marketFolder: String,
        gatewayDescriptor: Int?,
        isLive: Bool = false,
        beatMilliseconds: Int = 0
    ) {
        self.agent = agent
        self.role = role
        self.skills = skills
        self.settings = settings
        self.configuration = configuration
        self.dataFolder = dataFolder
        self.marketFolder = marketFolder
        self.gatewayDescriptor = gatewayDescriptor
        self.isLive = isLive
        self.beatMilliseconds = beatMilliseconds
    }

    /// The context as the parameters of `agent/start`.
    public var json: JSON {
        [
            "agent": .string(agent.description), "role": .string(role.rawValue),
            "skills": .array(skills.map { .string($0) }), "settings": settings,
            "configuration": .string(configuration), "dataFolder": .string(dataFolder),
            "marketFolder": .string(marketFolder),
            "gatewayDescriptor": gatewayDescriptor.map { .int(Int64($0)) } ?? .null,
            "live": .bool(isLive),
            "beatMilliseconds": .int(Int64(beatMilliseconds)),
        ]
    }

    /// Reads the parameters of `agent/start`.
    /// - Throws: A ``JSONError`` that names the member.
    public init(json: JSON) throws(JSONError) {
        let fields = try JSONFields(json, path: "agent/start")
        let name = try fields.string("agent")
        guard let agent = AgentName(name) else {
            throw JSONError("agent/start.agent: found '\(name)'; allowed are \(AgentName.form)")
        }
        let roleName = try fields.string("role")
        guard let role = Role(rawValue: roleName) else {
            throw JSONError("agent/start.role: found '\(roleName)', which is no role")
        }
        let beat =
            try fields.optional("beatMilliseconds") == nil
            ? 0 : fields.int("beatMilliseconds")
        guard (0...86_400_000).contains(beat) else {
            throw JSONError("agent/start.beatMilliseconds: found \(beat); allowed are 0 to a day")
        }
        self.init(
            agent: agent,
            role: role,
            skills: try fields.strings("skills"),
            settings: try fields.required("settings"),
            configuration: try fields.string("configuration"),
            dataFolder: try fields.string("dataFolder"),
            marketFolder: try fields.string("marketFolder"),
            gatewayDescriptor: fields.optional("gatewayDescriptor") == nil
                ? nil : try fields.int("gatewayDescriptor"),
            isLive: fields.optional("live")?.boolValue ?? false,
            beatMilliseconds: beat
        )
    }
}
