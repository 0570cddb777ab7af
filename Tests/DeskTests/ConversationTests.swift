// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Conversations with models")
struct ConversationTests {
    private static let whole = Conversation(
        system: ["a", "b"],
        tools: [ConversationTool("look", "Looks.", schema: ["type": "object"])],
        turns: [
            ConversationTurn(.user, [.text("x")]),
            ConversationTurn(
                .assistant,
                [.opaque(["k": 1]), .toolUse(id: "1", name: "look", input: ["a": 1])]
            ),
            ConversationTurn(.user, [.toolResult(id: "1", text: "y", isError: true), .text("z")]),
        ],
        outputSchema: ["type": "object"]
    )

    @Test("a conversation and an answer read back as they were written")
    func codec() throws {
        let answer = ModelAnswer(
            Self.whole.turns[1].parts,
            stop: .toolUse,
            usage: ModelUsage(input: 1, cached: 2, written: 3, output: 4)
        )

        #expect(try Conversation(json: Self.whole.json) == Self.whole)
        #expect(try ModelAnswer(json: answer.json) == answer)
        #expect(answer.usage?.total == 10)
    }

    @Test("turns that do not alternate, and calls without their results, are refused")
    func order() {
        func fault(_ turns: [ConversationTurn]) -> String {
            let conversation = Conversation(system: [], turns: turns)
            do throws(JSONError) {
                _ = try Conversation(json: conversation.json)
                return ""
            } catch {
                return error.message
            }
        }
        let turns = Self.whole.turns

        #expect(fault([]).contains("expected an odd number"))
        #expect(fault(Array(turns.prefix(2))).contains("expected an odd number"))
        #expect(fault([turns[0], turns[0], turns[0]]).contains("not the turn of this side"))
        #expect(fault([turns[0], turns[1], turns[0]]).contains("one result for each call"))
        #expect(fault([turns[2]]).contains("one result for each call"))
        #expect(fault([ConversationTurn(.user, [])]).contains("or empty"))
    }

    @Test("tools have names that all families take, each once, and all of it has an end")
    func tools() {
        var twice = Self.whole
        twice.tools += twice.tools
        var odd = Self.whole
        odd.tools = [ConversationTool("a.b", "", schema: [:])]

        var many = Self.whole
        many.tools = (0...Conversation.toolLimit).map {
            ConversationTool("t\($0)", "", schema: [:])
        }
        var long = Self.whole
        let said = [ConversationPart.text("x")]
        long.turns = (0...Conversation.turnLimit).map {
            ConversationTurn($0.isMultiple(of: 2) ? .user : .assistant, said)
        }
        var more = Self.whole.json.objectValue ?? []
        more.append(.init("mood", 1))

        #expect(throws: JSONError.self) { try Conversation(json: many.json) }
        #expect(throws: JSONError.self) { try Conversation(json: long.json) }
        #expect(throws: JSONError.self) { try Conversation(json: .object(more)) }
        #expect(throws: JSONError.self) { try Conversation(json: twice.json) }
        #expect(throws: JSONError.self) { try Conversation(json: odd.json) }
    }
}
