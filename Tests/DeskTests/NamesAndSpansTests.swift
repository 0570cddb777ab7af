// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Names, spans and scalars")
struct NamesAndSpansTests {
    @Test(
        "a name that git, the file system and people can take is taken",
        arguments: [
            "a", "researcher-2", "a--b", String(repeating: "a", count: 32),
        ]
    )
    func names(text: String) throws {
        let name = try #require(AgentName(text))

        #expect(name.description == text && name.branch == "agents/\(text)")
        #expect(name.reference == "refs/heads/agents/\(text)" && name.folder == "agents/\(text)")
    }

    @Test(
        "any other name is refused",
        arguments: [
            "", "A", "1a", "-a", "a-", "a_b", "a b", "a.b", "a/b", "..", "é",
            String(repeating: "a", count: 33),
        ]
    )
    func badNames(text: String) {
        #expect(AgentName(text) == nil)
    }

    @Test("names are ordered by their bytes")
    func order() {
        #expect(
            ["b", "a-b", "ab"].compactMap { AgentName($0) }.sorted().map(\.description) == [
                "a-b", "ab", "b",
            ]
        )
    }

    @Test(
        "a span of time is read and printed in its largest unit",
        arguments: [
            ("500ms", 500, "500ms"), ("30s", 30_000, "30s"), ("90s", 90_000, "90s"),
            ("120s", 120_000, "2m"),
            ("60m", 3_600_000, "1h"), ("8760h", 31_536_000_000, "365d"),
            ("36h", 129_600_000, "36h"), ("1d", 86_400_000, "1d"),
        ] as [(String, Int64, String)]
    )
    func spans(text: String, milliseconds: Int64, printed: String) {
        #expect(TimeLimit(text)?.milliseconds == milliseconds)
        #expect(TimeLimit(text)?.description == printed)
    }

    @Test(
        "a span without unit, of nothing, or beyond a year is refused",
        arguments: [
            "", "30", "s", "0s", "-1s", "1.5s", "1 s", "366d", "8761h", "9223372036854775807h",
            "1S",
        ]
    )
    func badSpans(text: String) {
        #expect(TimeLimit(text) == nil)
    }

    @Test(
        "plain YAML scalars become JSON by the core schema",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("nul", "nul"),
            ("true", true),
            ("FALSE", false), ("yes", "yes"), ("12", 12), ("-12", -12), ("+12", 12), ("007", 7),
            ("0x1F", 31),
            ("0o17", 15), ("0x-1", "0x-1"), ("1.5", .double(1.5)), ("-.5", .double(-0.5)),
            ("1e3", .double(1000)),
            ("0x1p3", "0x1p3"), (".inf", ".inf"), ("-inf", "-inf"), ("nan", "nan"),
            ("1_000", "1_000"),
            ("2000-03-01", "2000-03-01"), ("1.2.3", "1.2.3"), ("'12'", "12"), ("\"true\"", "true"),
            ("e", "e"),
            ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("|\n  12", "12"),
            ("[1, a, {b: ~}]", [1, "a", ["b": .null]]),
        ] as [(String, JSON)]
    )
    func scalars(text: String, value: JSON) throws {
        let document = try #require(YAMLNode(document: "v: \(text)"))

        #expect(document.json == ["v": value])
    }

    @Test("each role says only its own topics, and no topic has two speakers")
    func roles() {
        let topics = Role.allCases.flatMap(\.topics)

        #expect(Set(topics) == Set(Topic.allCases) && topics.count == Topic.allCases.count)
        #expect(!Topic.deliverable.contains(.lesson))
        #expect(Role.allCases.filter(\.usesGateway) == [.executor, .risk])
        #expect(Role.allCases.filter { $0.marketView == .full } == [.verifier])
    }
}
