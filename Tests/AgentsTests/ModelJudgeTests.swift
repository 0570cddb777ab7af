// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("A second judge")
struct ModelJudgeTests {
    private func opinion(_ port: ScriptedPort) throws -> Opinion {
        let judge = ModelJudge(settings: try port.settings(.verifier))
        return try judge.judge(
            try Sample.strategy(),
            ["sharpe": 2.0],
            try Sample.input(try Sample.instant("2024-03-08T21:00:00Z"))
        )
    }

    @Test("it agrees or not, and says why")
    func agrees() throws {
        let yes = try opinion(ScriptedPort(words: [#"{"agrees":true,"reason":"plain"}"#]))
        let no = try opinion(ScriptedPort(words: [#"{"agrees":false,"reason":"luck"}"#]))

        #expect(yes.agrees && yes.reason == "plain")
        #expect(!no.agrees && no.reason == "luck")
        #expect(no.rule["holds"] == false)
    }

    @Test("having no opinion is no agreement")
    func closed() throws {
        let ports = [
            ScriptedPort([]), ScriptedPort(words: ["Yes, I agree.", "Yes!"]),
            ScriptedPort(words: [#"{"agrees":"true","reason":""}"#, #"{"agrees":1,"reason":""}"#]),
            ScriptedPort(words: [#"{"agrees":true}"#, #"{"agrees":true,"reason":"x","y":1}"#]),
            ScriptedPort([.success(ScriptedPort.words(#"{"agrees":true}"#, stop: .mostTokens))]),
        ]

        for port in ports {
            let opinion = try opinion(port)

            #expect(!opinion.agrees)
            #expect(opinion.reason.hasPrefix("it has no opinion: "))
        }
    }

    @Test("it is given the strategy and figures, and no words of the maker's")
    func prompt() throws {
        let port = ScriptedPort(words: [#"{"agrees":true,"reason":"plain"}"#])

        _ = try opinion(port)

        let prompt = port.lastWords
        #expect(prompt.contains(#""sharpe":2.0"#))
        #expect(prompt.contains(try Sample.strategy().enter))
        #expect(port.asked[0].tools.map(\.name) == ["read_file"])
    }
}
