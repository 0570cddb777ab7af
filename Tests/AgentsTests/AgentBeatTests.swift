// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@testable import Agents

@Suite("Beats of an agent", .scratchFolder)
struct AgentBeatTests {
    private final class Heart {}

    /// Starts an agent whose heart is watched, and gives the answer and the spans it was asked for.
    private func start(
        beat: Int,
        heart: Heart? = Heart()
    ) throws -> (answer: JSON, spans: [Int], keeps: Bool) {
        var bench = try AgentBench()
        var spans: [Int] = []
        weak var kept: Heart?
        do {
            let given = heart
            bench.loop = AgentLoop(
                worktreePath: bench.worktree.path,
                exchange: { _, _ in { _ in [] } },
                makeHeartbeat: { span in
                    spans.append(span)
                    guard given != nil else { return nil }
                    let made = Heart()
                    kept = made
                    return made
                }
            )
        }
        let answer = try bench.ask(
            TurnContract.startMethod,
            try bench.context(.ingestor, beat: beat).json
        )
        let keeps = kept != nil
        _ = try bench.run()
        return (answer, spans, keeps)
    }

    @Test("an agent that is asked for beats sends them and announces it")
    func on() throws {
        let (answer, spans, keeps) = try start(beat: 250)

        #expect(answer["result"]?["beats"] == true)
        #expect(spans == [250])
        #expect(keeps)
    }

    @Test("zero means none")
    func off() throws {
        let (answer, spans, _) = try start(beat: 0)

        #expect(answer["result"]?["ready"] == true)
        #expect(answer["result"]?["beats"] == false)
        #expect(spans.isEmpty)
    }

    @Test("one that cannot send them does not announce them and works all the same")
    func unable() throws {
        let (answer, spans, _) = try start(beat: 250, heart: nil)

        #expect(answer["result"]?["ready"] == true)
        #expect(answer["result"]?["beats"] == false)
        #expect(spans == [250])
    }
}
