// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Agents
import Basics
import Desk
import Git
import TestSupport
import Testing

@testable import Supervisor

@Suite("Blindness of the verifier", .scratchFolder)
struct BlindnessTests {
    static let setting: Bench.Setting = {
        var setting = Bench.Setting()
        setting.fileLimit = 65_536
        setting.agents[1].text = "role: researcher, on: [bars], skills: [house]"
        setting.agents += [
            ("verifier", "role: verifier, on: [report, intent, trade, fill], skills: [house]")
        ]
        return setting
    }()

    /// A maker that writes its word wherever it can, and a verifier that keeps all it is given.
    private func bench(_ name: String, word: String) async throws -> Bench {
        var bench = try await Bench.make(name, Self.setting)
        bench.strategies = TypedStrategies(try bench.open().configuration)
        try bench.script("researcher", Self.maker(word))
        try bench.script(
            "backtester",
            """
            def after(turn, attempt):
                for signal in mail:
                    if signal["topic"] == "proposal":
                        body = signal["body"]
                        say(1, "report", {"proposal": signal["id"], "metrics": {"\(word)": 1},
                            "strategy_hash": body["strategy_hash"], "strategy": body["strategy"],
                            "remark": "\(word)"})
            """
        )
        try bench.script("verifier", Self.witness)
        return bench
    }

    private static func maker(_ word: String) -> String {
        """
        def after(turn, attempt):
            content = {"schema": 1, "family": "\(word)", "universe": ["MSFT"], "side": "long",
                "size": 0.02, "parameters": {"\(word)": 20 + turn},
                "features": {"f_\(word)": "sma(close, \(word))"},
                "enter": "close > f_\(word)", "exit": "close < f_\(word)"}
            text = json.dumps(content, sort_keys=True, separators=(",", ":"))
            written = {"remark": "\(word)", "name": "\(word)", **content}
            del written["remark"]
            written["enter"] += " // \(word)"
            say(1, "proposal", {"family": "\(word)", "strategy_hash": digest(text),
                "strategy": written, "why": "\(word)"})
            say(2, "intent", {"strategy_hash": digest(text), "symbol": "MSFT", "action": "enter",
                "context": {"\(word)": 1}, "why": "\(word)"})
            note(3, "\(word)")
            remember(turn, ["\(word)"])
            answer(result={"summary": "\(word)"})
            return True
        """
    }

    /// Writes every byte that reaches the process to a file beside the desk.
    private static let witness = """
        def before(turn, attempt):
            with open(f"{scripts}/witness", "a") as out:
                out.write(line)
                # The mark names the desk's own folder by its number on the disk.
                own = {k: v for k, v in os.environ.items() if k != 'LOOPDESK_CHILD_OF'}
                out.write(json.dumps([sys.argv, own, context], sort_keys=True))
                for folder, folders, files in sorted(os.walk(".")):
                    folders.sort()
                    for file in sorted(files):
                        with open(f"{folder}/{file}") as text:
                            out.write(f"{folder}/{file} {text.read()}")

        def after(turn, attempt):
            number = 0
            for signal in mail:
                number += 1
                if signal["topic"] == "report":
                    say(number, "verdict", {"kind": "report", "subject": signal["id"],
                        "strategy_hash": signal["body"].get("strategy_hash"),
                        "passed": False, "rules": []})
                if signal["topic"] == "intent":
                    say(number, "verdict", {"kind": "intent", "subject": signal["id"],
                        "action": "enter", "passed": True, "rules": [{"holds": True}]})
        """

    private func witness(_ bench: Bench) throws -> String {
        let text = String(decoding: try bench.scripts.read("witness"), as: UTF8.self)
        // The two desks lie in folders of their own.
        return text.replacing(bench.root.path, with: "")
    }

    @Test("a word that the maker writes everywhere reaches no byte of the verifier's input")
    func canary() async throws {
        let word = "zyzzyvaquux"
        let bench = try await bench("a", word: word)

        try bench.run(through: 4)

        let seen = try witness(bench)
        #expect(seen.contains("sma(close, p1)"))
        #expect(!seen.lowercased().contains(word))
        let log = try await bench.git.run("log", "--format=%B", "agents/researcher", "--")
        #expect(log.stdout.contains(word))
    }

    @Test("other words of the maker leave the verifier's input the same to the byte")
    func nonInterference() async throws {
        let one = try await bench("a", word: "alpha")
        let other = try await bench("b", word: "omega")
        // A family is counted by its hash when the desk has no name for it.
        for bench in [one, other] {
            let script = String(decoding: try bench.scripts.read("researcher.py"), as: UTF8.self)
            try bench.script(
                "researcher",
                script.replacing("\"family\": \"alpha\"", with: "\"family\": \"trend\"")
                    .replacing("\"family\": \"omega\"", with: "\"family\": \"trend\"")
            )
        }

        try one.run(through: 4)
        try other.run(through: 4)

        let seen = try witness(one)
        #expect(seen.contains("\"strategy_hash\""))
        #expect(try witness(other) == seen)
    }

    @Test("verdicts are committed under the names by which others know what was judged")
    func resolved() async throws {
        let bench = try await bench("a", word: "alpha")

        try bench.run(through: 1)

        let text = try await bench.show(
            "agents/verifier:agents/verifier/signals/0000/00/000001-1-verdict.json"
        )
        let body = try #require(try JSON(parsing: Array(text.utf8))["body"])
        #expect(body["kind"] == "intent")
        let subject = try #require(body["subject"]?.stringValue)
        #expect(subject.hasPrefix("intent-") && subject.count == 19)
        #expect(body["item"] == "intent-1-1")
        let chain = try Provenance(try bench.open()).trace(subject)
        #expect(chain.first?.agent == "researcher")
        #expect(body["strategy_hash"] == chain.first?.body["strategy_hash"])
        let content = ContentHash(of: try #require(chain.first).body.compactBytes)
        #expect(body["subject_hash"]?.stringValue == content.description)
        #expect(body["data"] != nil)
    }

    @Test("a desk that starts again knows from its branches which entries a verifier let pass")
    func restored() async throws {
        let bench = try await bench("a", word: "alpha")
        try bench.run(through: 1)
        let desk = try bench.open()
        let verifier = try #require(desk.configuration.agents.first { $0.role == .verifier })
        let branch = try AgentBranch(
            agent: verifier,
            head: try #require(try desk.repository.reference(verifier.name.reference)),
            main: try desk.mainHead(),
            repository: desk.repository
        )
        let text = try await bench.show(
            "agents/verifier:agents/verifier/signals/0000/00/000001-1-verdict.json"
        )
        let intent = try JSON(parsing: text)["body"]?["subject"]?.stringValue?.split(separator: "-")
        let order = "o-\(try #require(intent?.last))"

        let mail = BlindMail(desk, strategies: TypedStrategies(desk.configuration))
        try mail.restore([verifier.name: branch])
        let delivery = mail.delivery(
            for: verifier,
            turn: 2,
            at: .outside,
            [Signal(id: "fill-1", topic: .fill, body: ["order": .string(order)])],
            data: nil,
            skills: []
        )

        #expect(delivery?.items.first?.body["intent"] == "intent-1-1")
    }

    @Test("a rule of a verdict is told with the blob of the skill that it stands in")
    func blobs() throws {
        let origin = Signal(id: "report-0", topic: .report, body: ["strategy_hash": "h"])
        let delivery = BlindDelivery(
            items: [],
            origins: ["report-7-1": origin],
            trials: nil,
            data: "d",
            skills: ["verifier abc", "trading-rules def"]
        )
        let body: JSON = [
            "kind": "report", "subject": "report-7-1", "passed": false, "strategy_hash": "typed",
            "rules": [
                ["skill": "trading-rules", "rule": "r", "holds": false],
                ["skill": "unknown", "rule": "s", "holds": false],
            ],
        ]
        var harvest = TurnFolder.Harvest(state: [])
        harvest.signals = [(.verdict, Signal.draft(.verdict, body).compactBytes)]

        let bytes = try delivery.resolve(harvest).signals[0].bytes

        let resolved = try #require(try JSON(parsing: bytes)["body"])
        #expect(resolved["rules"]?.arrayValue?.map { $0["blob"] } == ["def", nil])
        #expect(resolved["subject"] == "report-0" && resolved["item"] == "report-7-1")
        #expect(resolved["strategy_hash"] == "h" && resolved["judged"] == "typed")
        #expect(resolved["data"] == "d")
        let hash = ContentHash(of: origin.body.compactBytes)
        #expect(resolved["subject_hash"]?.stringValue == hash.description)
    }

    @Test(
        "a verdict on what was not delivered, or a second one on the same, is refused",
        arguments: [
            (
                #"say(9, "verdict", {"kind": "report", "subject": "report-0", "passed": False, "#
                    + #""rules": []})"#, "was not delivered in this turn"
            ),
            (
                #"say(9, "verdict", {"kind": "intent", "subject": "intent-1-1", "passed": False, "#
                    + #""rules": []})"#, "is judged twice"
            ),
            (
                #"say(1, "verdict", {"kind": "report", "subject": "intent-1-1", "passed": False, "#
                    + #""rules": []})"#, "the topic of intent-1-1 is intent"
            ),
        ]
    )
    func foreignVerdict(line: String, reason: String) async throws {
        let bench = try await bench("a", word: "alpha")
        let script = String(decoding: try bench.scripts.read("verifier.py"), as: UTF8.self)
        try bench.script("verifier", script + "\n    \(line)\n")
        let log = EventLog()

        try bench.run(through: 1, log: log)

        #expect(
            log.lines.joined(separator: "\n").contains(reason),
            "\(log.lines.joined(separator: "\n"))"
        )
        let subjects = try await bench.subjects(of: "verifier")
        #expect(subjects.contains { $0.hasPrefix("dead letter: verdict") })
    }
}
