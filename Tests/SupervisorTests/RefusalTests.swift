// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing
import TestSupport

@testable import Supervisor

@Suite("Output that is refused", .scratchFolder)
struct RefusalTests {
    /// Something wrong that an agent leaves behind, and a word of the reason.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let reason: String

        init(_ testDescription: String, _ body: String, _ reason: String) {
            (self.testDescription, self.body, self.reason) = (testDescription, body, reason)
        }
    }

    static let mark = "MARK-OF-WHAT-WAS-REFUSED"

    static let cases = [
        Case(
            "an unknown name",
            "write('outbox/report.txt', mark)",
            "the outbox holds 'report.txt'"
        ),
        Case("an unknown topic", "say(2, 'rumour', proposal(mark))", "'2-rumour.json'"),
        Case(
            "a topic of another role",
            "say(2, 'order', {'note': mark})",
            "a researcher may not say 'order'; allowed are proposal, intent, lesson"
        ),
        Case(
            "a verdict of one's own work",
            "say(2, 'verdict', {'kind': 'report', 'subject': mark, 'passed': True,"
                + " 'rules': [{'holds': True}]})",
            "may not say 'verdict'"
        ),
        Case(
            "another topic inside than outside",
            "say(2, 'proposal', proposal(mark)); os.rename('outbox/2-proposal.json',"
                + " 'outbox/2-intent.json')",
            "holds the topic 'proposal'"
        ),
        Case("a body of the wrong form", "say(2, 'proposal', {'family': mark})", "strategy_hash"),
        Case("no JSON", "write('outbox/2-proposal.json', '{' + mark)", "2-proposal.json"),
        Case(
            "an unknown version",
            "write('outbox/2-proposal.json', json.dumps({'schema': 2, 'topic': 'proposal',"
                + " 'body': proposal(mark)}))",
            "schema 2 is not known"
        ),
        Case("too large a file", "note(2, mark * 500)", "at most 4096 are allowed"),
        Case(
            "too many files",
            "for n in range(2, 8): note(n, mark)",
            "at most 5 are allowed"
        ),
        Case(
            "a link",
            "os.makedirs('work', exist_ok=True); write('work/kept', mark);"
                + " os.symlink('../work/kept', 'outbox/7-note.md')",
            "no link on the way"
        ),
        Case(
            "a file with two names",
            "note(2, mark); os.link('outbox/2-note.md', 'outbox/3-note.md')",
            "one name"
        ),
        Case("a folder", "os.mkdir('outbox/7-note.md')", "7-note.md"),
        Case("a pipe", "os.mkfifo('outbox/7-note.md')", "7-note.md"),
        Case(
            "a note that is not UTF-8",
            "write('outbox/2-note.md', b'\\xff' + mark.encode())",
            "is not UTF-8"
        ),
        Case(
            "a memory that cannot be read",
            "write(f'{own}/STATE.md', mark)",
            "no front matter"
        ),
        Case("no memory", "os.remove(f'{own}/STATE.md')", "STATE.md"),
        Case(
            "a memory that is a link",
            "os.makedirs('work', exist_ok=True); write('work/kept', mark);"
                + " os.remove(f'{own}/STATE.md');"
                + " os.symlink('../../work/kept', f'{own}/STATE.md')",
            "STATE.md"
        ),
        Case(
            "a folder that is a link",
            "os.rename(own, 'work'); os.symlink('../work', own)",
            "no link on the way"
        ),
        Case(
            "a secret in a signal",
            "say(2, 'proposal', proposal(mark + 'ghp_' + 'a' * 36))",
            "seems to hold a repository token"
        ),
        Case(
            "a secret in a note",
            "note(2, mark + 'AKIA' + 'A' * 16)",
            "seems to hold a cloud access key"
        ),
        Case(
            "a secret in the memory",
            "write(f'{own}/STATE.md', f'---\\n---\\n{mark}\\n-----BEGIN PRIVATE KEY-----\\n')",
            "seems to hold a private key"
        ),
        Case("no outbox", "import shutil; shutil.rmtree('outbox')", "outbox"),
        Case(
            "an outbox that leads elsewhere",
            "import shutil; shutil.rmtree('outbox'); os.symlink(f'{scripts}', 'outbox')",
            "outbox"
        ),
    ]

    private func script(_ refused: Case, when condition: String) -> String {
        """
        mark = "\(Self.mark)"
        def after(turn, attempt):
            if turn == 2 and \(condition):
                \(refused.body)
        """
    }

    @Test("it is kept for a person and the turn runs again", arguments: cases)
    func again(refused: Case) async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script("researcher", script(refused, when: "attempt == 1"))

        try bench.run(through: 2, log: log)

        #expect(log.failures.count == 1)
        #expect(log.failures.first?.contains(refused.reason) == true, "\(log.failures)")
        let store = RefusedStore(DeskFolder(bench.desk.path))
        let id = try #require(try store.ids().first)
        #expect(id.description == "researcher/2-1")
        #expect(try store.ids().count == 1)
        #expect(try store.load(id).reason.contains(refused.reason))
        #expect(log.failures.first?.contains("kept=\(id)") == true)
        #expect(try await bench.heads() == Bench.undisturbed(2))
        let worktree = GitCommand(in: bench.desk.path(of: "worktrees/researcher"))
        #expect(try await worktree.lines("status", "--porcelain").isEmpty)
    }

    @Test(
        "after the last attempt the inbox is parked and git holds nothing of it",
        arguments: cases
    )
    func parked(refused: Case) async throws {
        var setting = Bench.Setting()
        setting.attempts = 2
        let bench = try await Bench.make("a", setting)
        try bench.script("researcher", script(refused, when: "True"))

        try bench.run(through: 3)

        let letter = try await bench.deadLetter(of: "researcher")
        #expect(letter["reason"]?.stringValue?.contains(refused.reason) == true, "\(letter)")
        #expect(letter["inbox"]?.arrayValue?.count == 1)
        #expect(try await bench.subjects(of: "researcher").count == 3)
        #expect(try await bench.files(of: "researcher", in: "deadletters").count == 1)
        #expect(try await bench.files(of: "researcher", in: "signals").count == 2)
        let objects = try await bench.git.run(
            ["cat-file", "--batch", "--batch-all-objects", "--unordered"],
            input: ""
        )
        #expect(!objects.stdout.isEmpty)
        #expect(!objects.stdout.contains(Self.mark))
    }

    @Test("unfinished files are passed over")
    func unfinished() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                for n in range(9):
                    with open(f"outbox/{n}-note.md.part", "w") as file:
                        file.write("half")
            """
        )

        try bench.run(through: 2, log: log)

        #expect(log.failures == [])
        #expect(try await bench.heads() == Bench.undisturbed(2))
    }

    @Test("a file of exactly the limit is taken, and as many files as are allowed")
    func atTheLimit() async throws {
        let bench = try await Bench.make()
        let log = EventLog()
        try bench.script(
            "researcher",
            """
            def after(turn, attempt):
                for n in (3, 4, 5):
                    note(n, "x" * 4096)
            """
        )

        try bench.run(through: 1, log: log)

        #expect(log.failures == [])
        #expect(try await bench.files(of: "researcher", in: "notes").count == 4)
    }
}
