// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("A desk with a broker", .scratchFolder)
struct BrokerDeskTests {
    private func desk(mapping: String = "alpaca") async throws -> TestDesk {
        let desk = try await TestDesk.make()
        try desk.edit("orchestrator.yml") {
            $0 + "\nconnectors: {alpaca: {command: [alpaca-mcp-server]}}\n"
                + "broker: {connector: alpaca, mapping: \(mapping)}\n"
        }
        try await desk.commit()
        return desk
    }

    @Test("status says how things stand at the broker, and nothing there can move the terminal")
    func status() async throws {
        let desk = try await desk()
        let before = try await desk.run("status")
        let standing: JSON = [
            "account": "PA7", "equity": "100\u{1B}[2J", "surveyed": false,
            "positions": ["AAPL": "10"], "external": ["IBM": "3"],
            "trouble": "it\nfailed",
            "orders": [["id": "o1", "standing": "unknown"], ["id": "o2", "standing": "working"]],
        ]
        let runtime = Folder(desk.path).folder(".loopdesk")
        try runtime.create()
        try runtime.replace("broker.json", with: standing.compactBytes)

        let text = try await desk.run("status").stdout
        let json = try await desk.json("status")

        #expect(!before.stdout.contains("Broker:"))
        #expect(
            text.contains(
                "Broker: account PA7, worth 100\\u{1b}[2J, 2 open orders, 1 of them in doubt\n"
                    + "Broker: not looked at yet\nBroker: 10 AAPL held\n"
                    + "Broker: 3 IBM held by hand\n"
                    + "Broker: it\\u{a}failed\n"
            )
        )
        #expect(json["broker"] == standing)
    }

    @Test("a mapping that cannot be used keeps the desk from starting, and says where it is wrong")
    func mapping() async throws {
        let desk = try await desk(mapping: "own.yml")
        let absent = try await desk.run("replay")
        try desk.write("version: 1\nplace: 3\n", to: "own.yml")
        let wrong = try await desk.run("replay")

        #expect(absent.stderr.contains("own.yml"))
        #expect(!absent.isSuccess)
        #expect(wrong.stderr.contains("own.yml:2: place: found"))
        #expect(!wrong.isSuccess)
    }

    @Test("a replay of a desk with a broker trades on paper, the same as without one")
    func replay() async throws {
        let desk = try await desk()
        let replayed = try await desk.run("replay")

        #expect(replayed.isSuccess)
        #expect(!Folder(desk.path).folder(".loopdesk").contains("broker.json"))
    }
}
