// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("Commands among files that attack git", .scratchFolder)
struct PayloadCommandTests {
    /// Plants settings, hooks and attributes that run a program at each look, in the shared
    /// repository and in a worktree; plain git would run them.
    private static let plant = #"""
        set -e
        run="touch '$CANARY';:"
        for key in core.fsmonitor core.pager core.editor core.sshCommand core.askPass \
            diff.external credential.helper gpg.program sequence.editor init.templateDir; do
            git config "$key" "$run"
        done
        git config filter.x.clean "touch '$CANARY';cat"
        git config filter.x.smudge "touch '$CANARY';cat"
        git config filter.x.process "$run"
        git config diff.x.textconv "touch '$CANARY';cat"
        git config merge.x.driver "$run"
        git config alias.status "!$run"
        git config core.hooksPath "$PWD/.git/hooks"
        mkdir -p .git/hooks .git/info
        for hook in post-checkout post-commit post-index-change pre-commit reference-transaction \
            post-merge pre-auto-gc post-rewrite update proc-receive fsmonitor-watchman; do
            printf "#!/bin/sh\ntouch '$CANARY'\n" > ".git/hooks/$hook"
            chmod +x ".git/hooks/$hook"
        done
        echo '* filter=x diff=x merge=x' > .git/info/attributes
        printf "[core]\nfsmonitor = \"$run\"\n" > "$RECORD/config.worktree"
        cd worktrees/risk
        mkdir -p work/nested outbox
        git init -q work/nested
        git -C work/nested config core.fsmonitor "$run"
        echo '* filter=x diff=x merge=x' > .gitattributes
        echo '* filter=x diff=x merge=x' > agents/risk/.gitattributes
        printf '[submodule "a"]\npath = work/nested\nurl = ext::sh\n' > .gitmodules
        echo "touch '$CANARY'" > .envrc
        echo changed >> agents/risk/STATE.md
        rm -f "$CANARY"
        """#

    @Test("no command of the desk's own runs anything that settings, hooks or attributes name")
    func nothingRuns() async throws {
        let desk = try await TestDesk.make()
        _ = try await desk.run("replay", "--through", "2000-03-03")
        let canary = "\(try ScratchFolder.path)/canary"
        _ = try await runCommand(
            "/bin/sh",
            ["-c", Self.plant],
            folder: desk.path,
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": try ScratchFolder.path, "CANARY": canary,
                "RECORD": "\(desk.path)/.git/worktrees/risk", "GIT_CONFIG_NOSYSTEM": "1",
            ]
        )
        let scratch = Folder(try ScratchFolder.path)
        try scratch.removeFile("canary")

        let commands: [[String]] = [
            ["status"], ["log"], ["log", "risk"], ["doctor"], ["rescue", "list"],
            ["refused", "list"], ["events"], ["maintain"], ["doctor", "--fix"],
            ["status", "--json"],
            ["replay", "--through", "2000-03-06"], ["rescue", "list"],
            ["replay", "--through", "2000-03-08", "--durable"],
            ["replay", "--fresh", "--through", "2000-03-02"],
        ]
        for words in commands {
            let result = try await TestDesk.run(words + ["--desk", desk.path])
            #expect(result.status == 0 || result.status == 1, "\(words): \(result.stderr)")
            #expect(!scratch.contains("canary"), "\(words)")
        }
        let list = try await desk.json("rescue", "list")
        let rescue = try #require(list["rescues"]?.arrayValue?.first?["reference"]?.stringValue)
        #expect(try await desk.run("rescue", "show", rescue).isSuccess)
        #expect(try await desk.run("rescue", "restore", rescue, "--branch", "mine").isSuccess)
        #expect(!scratch.contains("canary"))
        // The trap is live: plain git runs into it.
        _ = try await desk.git.run(["add", "--dry-run", "."], allowsFailure: true)
        _ = try await desk.git.run(["diff"], allowsFailure: true)
        #expect(scratch.contains("canary"))
    }
}
