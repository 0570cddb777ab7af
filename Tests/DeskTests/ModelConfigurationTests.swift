// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Models in orchestrator.yml")
struct ModelConfigurationTests {
    private static func fault(_ text: String) -> String {
        do throws(DeskError) {
            _ = try ModelConfiguration.parse("models:\n  m:\n\(text)")
            return ""
        } catch {
            return error.description
        }
    }

    private static let plain = "    family: openai\n    url: https://models.example\n    model: a\n"

    @Test("a model is read with its defaults")
    func defaults() throws {
        let model = try #require(
            try ModelConfiguration.parse("models:\n  m:\n\(Self.plain)    secret: env:KEY").first
        )

        #expect(model.family == .openai)
        #expect(model.credential?.header == "authorization")
        #expect(model.credential?.prefix == "Bearer ")
        #expect(model.maxTokens == 4096)
        #expect(model.attempts == 3)
        #expect(model.prices == nil)
        #expect(model.tokensField == "max_completion_tokens")
    }

    @Test("prices are exact, and what is not said costs what a prompt does")
    func prices() throws {
        let text =
            "models:\n  m:\n\(Self.plain)    prices: {input: 0.28, output: 0.42, cached: 0.028}"
        let prices = try #require(try ModelConfiguration.parse(text).first?.prices)

        #expect(prices.input == Decimal8("0.28"))
        #expect(prices.cached == Decimal8("0.028"))
        #expect(prices.written == Decimal8("0.28"))
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("    family: smoke\n", "family: found 'smoke'; expected anthropic"),
            ("    family: openai\n    model: a\n", "url: missing"),
            (plain + "    secret: sk-123\n", "models.m.secret: found something else"),
            (plain + "    header: x-key\n", "models.m.header: goes with secret only"),
            (plain + "    extra: {messages: []}\n", "models.m.extra.messages: the desk says this"),
            (plain + "    leave_out: [money]\n", "leave_out: found 'money'"),
            (plain + "    prices: {input: -1, output: 1}\n", "models.m.prices.input: found '-1'"),
            (plain + "    prices: {input: 1}\n", "models.m.prices.output: missing"),
            (plain + "    reply_limit: 1GiB\n", "reply_limit: found '1GiB'"),
            (plain + "    max_tokens: 0\n", "max_tokens: found '0'"),
            (plain + "    version: new\n", "version: found 'new'"),
            (plain + "    tempo: 1\n", "models.m.tempo: unknown key"),
            (
                "    family: openai\n    url: http://models.example\n    model: a\n",
                "url: found 'http://models.example'"
            ),
        ]
    )
    func faults(text: String, words: String) {
        #expect(Self.fault(text).contains(words))
    }

    @Test("a fault in a secret does not repeat it")
    func secret() {
        #expect(!Self.fault(Self.plain + "    secret: sk-canary\n").contains("canary"))
    }

    private static func desk(_ agents: String) -> String {
        do throws(DeskError) {
            _ = try DeskConfiguration(
                parsing: """
                    version: 1
                    name: test
                    replay: {from: 2000-03-01, through: 2000-03-08}
                    market:
                      feed: {kind: sim, seed: 1, edge: 0}
                      symbols: [MSFT]
                      session_close: "21:00"
                    account: {capital: 1000000}
                    models:
                      one: {family: openai, url: "https://a.example/v1", model: x}
                      same: {family: openai, url: "https://a.example/v1", model: x}
                      two: {family: openai, url: "https://a.example/v1", model: y}
                    budget: {tokens: 10, money_a_day: 1.5}
                    agents:
                    \(agents)
                    """
            )
            return ""
        } catch {
            return error.description
        }
    }

    @Test("maker and checker have different models, by name and by what they lead to")
    func different() {
        func agents(_ maker: String, _ checker: String) -> String {
            """
              maker: {role: researcher, on: [bars], model: \(maker), budget: {tokens: 5}}
              checker:
                role: verifier
                on: [report]
                model: \(checker)
            """
        }

        #expect(Self.desk(agents("one", "two")) == "")
        let same = Self.desk(agents("one", "one"))
        #expect(
            same.contains("orchestrator.yml:19: agents.checker.model: 'one' is the model of maker")
        )
        #expect(Self.desk(agents("one", "same")).contains("'same' is the model of maker"))
    }

    @Test("a goal is judged by a model that there is, and not by the agent's own")
    func judges() {
        func agents(_ judge: String) -> String {
            "  maker: {role: researcher, model: one, goal: {until: turns > 1, judge: \(judge)}}"
        }

        #expect(Self.desk(agents("two")) == "")
        #expect(Self.desk(agents("same")).contains("maker.goal.judge: 'same' is the model of the"))
        #expect(Self.desk(agents("three")).contains("maker.goal.judge: no model 'three'"))
    }

    @Test("an agent names a model that there is, and has a use for it")
    func use() {
        let unknown = Self.desk("  maker: {role: researcher, on: [bars], model: three}")
        let useless = Self.desk("  feeder: {role: ingestor, every: bar, model: one}")
        let budget = Self.desk("  maker: {role: researcher, on: [bars], budget: {tokens: -1}}")

        #expect(unknown.contains("no model 'three'; there are one, same, two"))
        #expect(useless.contains("agents.feeder.model: ingestors are code"))
        #expect(budget.contains("agents.maker.budget.tokens: found '-1'"))
    }
}
