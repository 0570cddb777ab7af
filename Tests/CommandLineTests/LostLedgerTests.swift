// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import TestSupport
import Testing

@Suite("A ledger that was taken away", .scratchFolder)
struct LostLedgerTests {
    private static let ledger = ".loopdesk/ledger.sqlite"

    /// What may have become of the ledger.
    enum Loss: CaseIterable {
        case removed, emptied, removedWithEverything

        func befall(_ desk: TestDesk) throws {
            let runtime = desk.folder.folder(".loopdesk")
            switch self {
            case .removed: try runtime.removeFile("ledger.sqlite")
            case .emptied: try runtime.replace("ledger.sqlite", with: [])
            case .removedWithEverything: try runtime.removeAll()
            }
        }
    }

    private func findings(_ report: JSON) -> [String] {
        (report["findings"]?.arrayValue ?? []).compactMap { $0["word"]?.stringValue }
    }

    private func size(_ desk: TestDesk) throws -> Int {
        desk.folder.contains(Self.ledger) ? try desk.folder.size(of: Self.ledger) : 0
    }

    @Test("is an error, and nothing begins a second account in its place", arguments: Loss.allCases)
    func refused(loss: Loss) async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")
        let heads = try await desk.heads()
        try loss.befall(desk)

        let status = try await desk.run("status")
        let doctor = try await desk.run("doctor", "--json")
        let up = try await desk.run("up", "--volatile")
        let replay = try await desk.run("replay")
        let gateway = try await desk.run("gateway")

        #expect(status.isSuccess, "\(status.stderr)")
        #expect(doctor.status == 1)
        #expect(findings(try JSON(parsing: Array(doctor.stdout.utf8))).contains("ledger-missing"))
        for result in [up, replay, gateway] {
            expectComplaint(
                result,
                status: 65,
                "the ledger \(Self.ledger) is gone or empty",
                "put a backup of the file back",
                "loopdesk replay --fresh"
            )
        }
        #expect(try size(desk) == 0)
        #expect(try await desk.heads() == heads)
    }

    @Test("can be put back, and the desk goes on as if nothing had been")
    func putBack() async throws {
        let desk = try await TestDesk.make()
        let whole = try await TestDesk.make("whole")
        _ = try await desk.run("replay", "--through", "2000-03-03")
        let runtime = desk.folder.folder(".loopdesk")
        try runtime.move("ledger.sqlite", to: "ledger.old")
        let refused = try await desk.run("replay")
        try runtime.move("ledger.old", to: "ledger.sqlite")

        let heads = try await desk.replayedHeads()

        #expect(refused.status == 65)
        #expect(try await whole.replayedHeads() == heads)
    }

    @Test("does not keep a desk from starting over, which saves the branches")
    func fresh() async throws {
        let desk = try await TestDesk.make()
        let heads = try await desk.replayedHeads()
        let before = try await desk.references()
        try Loss.removed.befall(desk)

        let again = try await desk.replayedHeads("--fresh")

        let rescued = try await desk.references().filter { $0.hasPrefix("refs/rescue/") }
        let risk = try #require(before.first { $0.contains("heads/agents/risk ") })
        #expect(again == heads)
        #expect(rescued.contains { $0.split(separator: " ")[1] == risk.split(separator: " ")[1] })
    }

    @Test("is not what a clone lacks, nor a desk whose first start was cut short")
    func new() async throws {
        let desk = try await TestDesk.make()
        // As after kills between the making of branches, the opening of the file, and its content.
        for agent in ["risk", "executor"] {
            try await desk.git.run("branch", "agents/\(agent)", "main")
        }
        try desk.folder.folder(".loopdesk").create()
        try desk.write("", to: Self.ledger)
        let doctor = try await desk.json("doctor")
        let heads = try await desk.replayedHeads()
        let clone = TestDesk(path: "\(try ScratchFolder.path)/clone")
        try await GitCommand(in: try ScratchFolder.path).run("clone", "-q", desk.path, clone.path)

        #expect(!findings(doctor).contains("ledger-missing"))
        #expect(try await clone.replayedHeads() == heads)
    }
}
