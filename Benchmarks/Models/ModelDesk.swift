// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Git
import HTTP
import Models
import Processes
import Supervisor

/// A desk with one researcher and a model of each family, made in a folder of its own.
struct ModelDesk {
    let desk: OpenDesk
    let clock = SystemClock()

    init(_ folder: Folder, port: Int) throws {
        try folder.folder("agents/messages").create()
        try folder.folder("agents/chat").create()
        try folder.replace("orchestrator.yml", with: Array(Self.configuration(port).utf8))
        for name in ["messages", "chat"] {
            let skill = "---\nname: \(name)\ndescription: Asks a model.\n---\n# \(name)\n"
            try folder.replace("agents/\(name)/SKILL.md", with: Array(skill.utf8))
        }
        _ = try Repository.create(at: folder.path)
        desk = try OpenDesk.open(at: folder.path)
    }

    private static func configuration(_ port: Int) -> String {
        """
        version: 1
        name: benchmark
        replay: {from: 2000-01-03, through: 2001-01-01}
        market: {feed: {kind: sim, seed: 1}, symbols: [A]}
        account: {capital: 1000000}
        models:
          messages: {family: anthropic, url: "http://127.0.0.1:\(port)", model: m, secret: env:KEY}
          chat: {family: openai, url: "http://127.0.0.1:\(port)", model: m, secret: env:KEY}
        agents:
          messages: {role: researcher, on: [bars], model: messages}
          chat: {role: researcher, on: [bars], model: chat}
        """
    }

    func client(_ name: String) throws -> ModelClient {
        guard let model = desk.configuration.models.first(where: { $0.name == name }) else {
            throw JSONError("no model \(name)")
        }
        let clock = clock
        let now: @Sendable () -> Duration = { .nanoseconds(clock.now().nanoseconds) }
        return ModelClient(
            model,
            secret: "a-key-that-is-no-key",
            http: try HTTPClient(wall: SystemWallClock(), now: now),
            wall: SystemWallClock(),
            now: now
        )
    }

    /// What agents may ask for, as a live desk serves it but for the flush to the disk.
    func services() throws -> AgentServices {
        try AgentServices(
            desk,
            source: .live,
            models: ["messages": try client("messages"), "chat": try client("chat")],
            spending: try SpendingKeeper(desk.folder, wall: SystemWallClock(), isDurable: false),
            secrets: ["a-key-that-is-no-key"]
        )
    }
}
