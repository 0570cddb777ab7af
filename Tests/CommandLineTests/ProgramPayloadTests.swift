// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Glibc
import TestSupport
import Testing

@Suite(
    "What a program leaves for whoever comes after it",
    .scratchFolder,
    .timeLimit(.minutes(3))
)
struct ProgramPayloadTests {
    /// Makes a desk whose program plants every payload that a sandboxed agent can, each in a folder
    /// of its own below `work/`, and ends with a status.
    private func prepare(ending status: Int) async throws -> ProgramDesk {
        let root = try ScratchFolder.path
        let variables = JSON(environment: PayloadScript.variables(root)).compactText
        let script = """
            script = open("../../tools/plant.sh").read()
            variables = json.loads('''\(variables)''')
            for name in "\(Self.names.joined(separator: " "))".split():
                # What is planted in the outbox itself belongs to the top.
                place = "." if name == "outbox-part" else "work/" + name
                os.makedirs(place, exist_ok=True)
                variables["OUTSIDE"] = variables["HOME"] = os.path.realpath("work")
                subprocess.run(["/bin/sh", "-c", script, "plant", name], cwd=place,
                               env=variables)
            note(str(sum(os.path.lexists(f"work/{name}/work") for name in os.listdir("work"))))
            remember()
            sys.exit(\(status))

            """
        let agent = ProgramDesk.Agent(
            name: "planter",
            script: script,
            entry: "program: {kind: once}\n    sandbox: {read: [tools/plant.sh]}"
        )
        let made = try await ProgramDesk.make([agent])
        try made.desk.write(PayloadScript.text, to: "tools/plant.sh")
        try await made.desk.commit()
        let scratch = Folder(root)
        try scratch.replace("user.gitconfig", with: Array(PayloadScript.userSettings(root).utf8))
        return made
    }

    private static let names = PayloadScript.inside.map(\.testDescription)

    /// Walks into a planted payload with plain git, as a person would, and says whether it ran.
    private func visit(_ folder: String, _ visited: String) async throws -> Bool {
        let root = try ScratchFolder.path
        _ = try await runCommand(
            "/bin/sh",
            ["-c", PayloadScript.text, "visit", "visit", visited],
            folder: folder,
            environment: PayloadScript.variables(root)
        )
        let isHit = Folder(root).contains("canary")
        try Folder(root).removeFile("canary")
        return isHit
    }

    /// Brings the desk up, lets the program have a turn, and leaves the desk running.
    private func begin(_ made: ProgramDesk) async throws -> RunningCommand {
        let program = try BuiltProduct.path("loopdesk")
        let up = try RunningCommand(program, ["up", "--desk", made.desk.path, "--volatile"])
        let events = made.desk.folder.folder(".loopdesk/events")
        func count(_ texts: String...) throws -> Int {
            let bytes = try events.readIfPresent("events.jsonl") ?? []
            return bytes.split(separator: 0x0A).count { line in
                texts.allSatisfy { line.firstRange(of: Array($0.utf8)) != nil }
            }
        }
        /// The turns that the program has ended; nil while it has one.
        func ended() throws -> Int? {
            let number = try count("\"turn.committed\",\"agent\":\"planter\"")
            return try count("\"turn.started\",\"agent\":\"planter\"") == number ? number : nil
        }
        #expect(try await eventually(within: .seconds(60)) { try count("desk.up") > 0 })
        #expect(try await eventually(within: .seconds(60)) { try ended() != nil })
        _ = try await runCommand(program, ["trigger", "planter", "--desk", made.desk.path])
        // Mail may have had a turn of its own before; in the next one the folders come and go.
        let asked = ["\"turn.started\",\"agent\":\"planter\"", "\"trigger\":\"person "]
        #expect(
            try await eventually(within: .seconds(60)) {
                try count(asked[0], asked[1]) > 0 && ended() != nil
            }
        )
        #expect(try count("worktree.swept") > 0)
        return up
    }

    @Test("every payload that it plants does nothing, to the desk and to a person with plain git")
    func planted() async throws {
        let made = try await prepare(ending: 0)
        let scratch = Folder(try ScratchFolder.path)
        let worktree = made.desk.folder.folder("worktrees/planter")

        let up = try await begin(made)

        #expect(!scratch.contains("canary"))
        // It would empty work/ at its next look, since git has written to the index.
        up.signal(SIGSTOP)
        // All but that of the outbox stand below work/.
        #expect(try await made.note("planter") == "\(Self.names.count - 1)")
        for payload in PayloadScript.inside {
            let name = payload.testDescription
            let folder = name == "outbox-part" ? worktree : worktree.folder("work/\(name)")
            #expect(folder.exists, "\(name)")
            #expect(try await visit(folder.path, payload.visited) == false, "\(name)")
        }
        #expect(try await visit(worktree.path, ".") == false)
        up.signal(SIGCONT)
        up.signal(SIGTERM)
        _ = try await up.finish()
        for words in [
            ["status"], ["log"], ["doctor"], ["rescue", "list"], ["refused", "list"], ["maintain"],
            ["replay", "--through", "2000-03-02"],
            ["replay", "--fresh", "--through", "2000-03-01"],
        ] {
            let result = try await TestDesk.run(words + ["--desk", made.desk.path])
            #expect(result.status == 0 || result.status == 1, "\(words): \(result.stderr)")
            #expect(!scratch.contains("canary"), "\(words)")
        }
        #expect(try await made.desk.git.lines("status", "--porcelain") == [])
    }

    @Test("of a turn that fails nothing stays that was planted in it, and nothing of it ran")
    func failed() async throws {
        let made = try await prepare(ending: 1)

        _ = try await made.desk.run("replay", "--through", "2000-03-01")

        let scratch = Folder(try ScratchFolder.path)
        let worktree = made.desk.folder.folder("worktrees/planter")
        #expect(!scratch.contains("canary"))
        #expect(
            try await made.subjects("planter").first
                == "dead letter: the program ended with status 1"
        )
        #expect(try worktree.folder("work").names() == [])
        #expect(try worktree.folder("outbox").names() == [])
        #expect(try await visit(worktree.path, ".") == false)
    }

    @Test("the payloads are live: where nobody sweeps, plain git runs into them")
    func live() async throws {
        let scratch = Folder(try ScratchFolder.path)
        let root = scratch.path
        try scratch.replace("user.gitconfig", with: Array(PayloadScript.userSettings(root).utf8))
        for payload in PayloadScript.inside {
            let name = payload.testDescription
            let place = scratch.folder("trap").folder(name)
            try place.create()
            _ = try await runCommand(
                "/bin/sh",
                ["-c", PayloadScript.text, "plant", name],
                folder: place.path,
                environment: PayloadScript.variables(root)
            )
            try scratch.removeFile("canary")

            #expect(try await visit(place.path, payload.visited) == payload.runs, "\(name)")
        }
    }

    @Test("links that it leaves lead nobody anywhere, and what they point to stays as it was")
    func links() async throws {
        let agent = ProgramDesk.Agent(
            name: "linker",
            script: """
                desk = "../../.."
                for name, target in [
                    ("outbox/x.part", desk + "/.git/hooks"), ("work/hooks", desk + "/.git/hooks"),
                    ("work/desk", desk), ("work/own", "."), ("work/secret", desk + "/key"),
                ]:
                    if not os.path.lexists(name): os.symlink(target, name)
                if TURN == 2:
                    os.symlink(desk + "/key", "outbox/1-note.md")
                remember()

                """
        )
        let made = try await ProgramDesk.make([agent])
        let desk = made.desk
        let canary = "canary-behind-a-link-0123456789"
        try desk.folder.replace("key", with: Array(canary.utf8))
        try desk.folder.folder(".git/hooks").create()
        try desk.folder.folder(".git/hooks").replace("kept", with: Array("kept".utf8))

        let replay = try await desk.run("replay", "--through", "2000-03-02")
        let kept = desk.folder.folder(".loopdesk/refused/linker")
        let refused = try kept.names().map { String(decoding: try kept.read($0), as: UTF8.self) }
        let again = try await desk.run("replay", "--fresh", "--through", "2000-03-01")

        #expect(replay.isSuccess && again.isSuccess, "\(replay.stderr) \(again.stderr)")
        #expect(try desk.folder.folder(".git/hooks").read("kept") == Array("kept".utf8))
        #expect(try desk.folder.read("key") == Array(canary.utf8))
        #expect(refused.count == 1 && refused[0].contains(#""outbox/1-note.md","kind":"link""#))
        let objects = try await desk.git.run("cat-file", "--batch-all-objects", "--batch").stdout
        #expect(objects.contains("dead letter: cannot read outbox/1-note.md"))
        #expect(!objects.contains(canary) && !refused.joined().contains(canary))
    }

    @Test("a repository in its outbox is refused, and named")
    func repositoryInOutbox() async throws {
        let agent = ProgramDesk.Agent(
            name: "planter",
            script: "os.makedirs('outbox/.git')\nremember()\n"
        )
        let made = try await ProgramDesk.make([agent])

        _ = try await made.desk.run("replay", "--through", "2000-03-01")

        let first = try await made.subjects("planter").first ?? ""
        #expect(first.hasPrefix("dead letter: the outbox holds '.git'"), "\(first)")
    }
}

extension JSON {
    /// Variables as one object, on one line.
    fileprivate init(environment: [String: String]) {
        self = .object(
            environment.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }
        )
    }
}
